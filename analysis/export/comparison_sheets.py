"""A gated comparison of rounds as tables: what changed, every question, scores, rounds, stamp."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis import tables
from analysis.compared import (
    BASIS_WORDS,
    CHANGE_WORDS,
    CIRCUMSTANCE_WORDS,
    OUTCOME_WORDS,
    VERDICT_WORDS,
    Comparison,
    Difference,
    Point,
    QuestionCompared,
    RoundCompared,
    RoundKind,
    ScorePoint,
    Split,
    Step,
)
from analysis.export.letter import Letter
from analysis.export.sheets import PERCENT, POINTS, Book, Cell, Column, Sheet
from analysis.export.stamp import stamp
from analysis.result import VERDICT_WORDS as READS_WORDS
from analysis.result import Interval, Mark
from question_banks.lineage import Verdict

KIND_WORDS = {
    RoundKind.ANSWERS: "Answers held here",
    RoundKind.PUBLISHED: "Totals published elsewhere",
}
DROPPED = "No longer asked"


def comparison_book(comparison: Comparison, letter: Letter) -> Book:
    """The tables of a comparison. Of the letter only the review's title and the date are used."""
    title = f"{letter.review_title}: {comparison.title}"
    names = " · ".join(map(round_name, comparison.rounds))
    heading = (title, names)
    return Book(
        title=title,
        subject=names,
        dated=letter.dated,
        sheets=(
            _changes_sheet(comparison, heading=heading),
            *_parts_sheet(comparison, heading=heading),
            _shares_sheet(comparison, heading=heading),
            *_scores_sheet(comparison, heading=heading),
            *_findings_sheet(comparison, heading=heading),
            *_circumstances_sheet(comparison, heading=heading),
            _rounds_sheet(comparison, heading=heading),
            Sheet(
                name="Settings",
                heading=[*heading, "Which answers, questionnaires and settings these come from"],
                columns=[Column(title="Setting", width=34), Column(title="Value", width=80)],
                rows=stamp(comparison),
                after=[tables.BASE_NOTE, tables.CHANGE_NOTE, tables.SPLIT_NOTE],
            ),
        ),
    )


def list_questions(comparison: Comparison) -> Iterator[tuple[str, QuestionCompared]]:
    """Every question with the title of its signpost, those no longer asked last."""
    for signpost in comparison.signposts:
        for question in signpost.questions:
            yield signpost.title, question
    for question in comparison.dropped:
        yield DROPPED, question


def round_name(each: RoundCompared) -> str:
    """A round's title and when it was.

    >>> round_name(RoundCompared(title="First round", when="March 2024"))
    'First round (March 2024)'
    """
    return f"{each.title} ({each.when})" if each.when else each.title


def signpost_word(comparison: Comparison) -> str:
    """What the newest questionnaire that is held here calls a signpost."""
    held = [each.bank for each in comparison.rounds if each.bank is not None]
    return held[-1].signpost_word.capitalize() if held else "Signpost"


def point_cell(point: Point) -> Cell:
    """What stands for one question in one round: its share, or the words, or the mark."""
    if point.share is not None:
        return point.share
    return point.words or tables.mark_code(point.mark or Mark.NOT_AVAILABLE)


def _changes_sheet(comparison: Comparison, *, heading: Sequence[str]) -> Sheet:
    """One line for each question, step and basis; everybody's line in bold."""
    rows: list[tuple[Cell, ...]] = []
    bold: set[int] = set()
    for signpost, question in list_questions(comparison):
        place = (signpost, question.code, question.short or question.text)
        for step in question.steps:
            names = tuple(round_name(comparison.rounds[at]) for at in (step.before, step.after))
            bold.add(len(rows))
            rows.append(
                (
                    *place,
                    *names,
                    VERDICT_WORDS[step.verdict],
                    *_difference_cells(step.all),
                    CHANGE_WORDS[step.change],
                    step.sentence,
                )
            )
            if step.both is not None:
                rows.append(
                    (
                        *place,
                        *names,
                        "",
                        *_difference_cells(step.both),
                        CHANGE_WORDS[step.both.change],
                        step.both.sentence,
                    )
                )
    return Sheet(
        name="Changes",
        heading=[*heading, comparison.sentence, tables.CHANGE_NOTE, tables.marks_note()],
        columns=[
            Column(title=signpost_word(comparison), width=18),
            Column(title="Code", width=18),
            Column(title="Question", width=26),
            Column(title="From", width=14),
            Column(title="To", width=14),
            Column(title="Question then and now", width=12),
            Column(title="Whose answers", width=16),
            Column(title="Answered then", width=9),
            Column(title="Share then", width=9, number=PERCENT),
            Column(title="Answered now", width=9),
            Column(title="Share now", width=9, number=PERCENT),
            Column(title="Change in points", width=9, number=POINTS),
            Column(title="Range from", width=8, number=POINTS),
            Column(title="Range to", width=8, number=POINTS),
            Column(title="In a word", width=14),
            Column(title="In a sentence", width=44),
        ],
        rows=rows,
        bold=frozenset(bold),
        after=[
            *(counts.sentence for counts in comparison.counts),
            *comparison.caveats,
        ],
    )


def _parts_sheet(comparison: Comparison, *, heading: Sequence[str]) -> Iterator[Sheet]:
    """One line for each step that has something to say besides its figures."""
    rows: list[tuple[Cell, ...]] = []
    for signpost, question in list_questions(comparison):
        for step in question.steps:
            notes = step_notes(step)
            if notes or step.split_mark is Mark.CONFIDENTIAL:
                rows.append(
                    (
                        signpost,
                        question.code,
                        question.short or question.text,
                        *(round_name(comparison.rounds[at]) for at in (step.before, step.after)),
                        *_split_cells(step.split, step.split_mark),
                        notes,
                    )
                )
    if rows:
        yield Sheet(
            name="Made of",
            heading=[*heading, tables.SPLIT_NOTE, tables.marks_note()],
            columns=[
                Column(title=signpost_word(comparison), width=20),
                Column(title="Code", width=20),
                Column(title="Question", width=30),
                Column(title="From", width=16),
                Column(title="To", width=16),
                Column(title="Answered differently", width=11, number=POINTS),
                Column(title="Different mix", width=11, number=POINTS),
                Column(title="Agencies that came", width=11, number=POINTS),
                Column(title="Agencies that went", width=11, number=POINTS),
                Column(title="Together", width=11, number=POINTS),
                Column(title="To bear in mind", width=60),
            ],
            rows=rows,
        )


def _difference_cells(found: Difference) -> tuple[Cell, ...]:
    return (
        BASIS_WORDS[found.basis],
        found.before.base,
        point_cell(found.before),
        found.after.base,
        point_cell(found.after),
        *_points_cells(found.difference, found.interval),
    )


def _points_cells(difference: float | None, limits: Interval | None) -> tuple[Cell, Cell, Cell]:
    if limits is None:
        return tables.points(difference), None, None
    return tables.points(difference), tables.points(limits.low), tables.points(limits.high)


def _split_cells(split: Split | None, mark: Mark | None) -> tuple[Cell, ...]:
    if split is None:
        return ("" if mark is None else tables.mark_code(mark), "", "", "", "")
    return split.rate, split.mix, split.came, split.went, split.total


def step_notes(step: Step) -> str:
    """What to bear in mind about one step: the wording, who decided, what changed around it."""
    same = step.verdict is Verdict.SAME and step.decided is None
    told = [step.why] if step.why and not same else []
    if step.decided is not None:
        may = "May be compared" if step.decided.comparable else "May not be compared"
        by = f" ({step.decided.by})" if step.decided.by else ""
        told.append(f"{may}{by}: {step.decided.why}" if step.decided.why else f"{may}{by}")
    told += [f"{CIRCUMSTANCE_WORDS[each.kind]}: {each.note}" for each in step.circumstances]
    if step.split is not None:
        told.append(step.split.sentence)
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in told)


def _shares_sheet(comparison: Comparison, *, heading: Sequence[str]) -> Sheet:
    """One line for each question, a share and its base for each round: for charts."""
    rows: list[tuple[Cell, ...]] = []
    for signpost, question in list_questions(comparison):
        cells: list[Cell] = [signpost, question.code, question.text]
        for point in question.points:
            limits = point.interval
            cells += [
                point_cell(point),
                point.base,
                None if limits is None else limits.low,
                None if limits is None else limits.high,
            ]
        rows.append(tuple(cells))
    columns = [
        Column(title=signpost_word(comparison), width=22),
        Column(title="Code", width=20),
        Column(title="Question", width=44),
    ]
    for number, each in enumerate(comparison.rounds, start=1):
        name = round_name(each)
        columns += [
            Column(title=f"{number}. {name}: share", width=16, number=PERCENT),
            Column(title=f"{number}. Answered", width=11),
            Column(title=f"{number}. Range from", width=9, number=PERCENT),
            Column(title=f"{number}. Range to", width=9, number=PERCENT),
        ]
    return Sheet(
        name="Shares",
        heading=[*heading, tables.BASE_NOTE, tables.marks_note()],
        columns=columns,
        rows=rows,
        after=[tables.INTERVAL_NOTE, tables.ROUNDING_NOTE],
    )


def _scores_sheet(comparison: Comparison, *, heading: Sequence[str]) -> Iterator[Sheet]:
    rows: list[tuple[Cell, ...]] = [
        (
            signpost.title,
            round_name(comparison.rounds[step.before]),
            round_name(comparison.rounds[step.after]),
            len(step.questions),
            _score_cell(step.earlier),
            _score_cell(step.later),
            *_points_cells(step.difference, step.interval),
            CHANGE_WORDS[step.change],
            step.sentence,
            " ".join(signpost.caveats),
        )
        for signpost in comparison.signposts
        for step in signpost.steps
    ]
    if rows:
        yield Sheet(
            name="Scores",
            heading=[*heading, tables.SCORE_NOTE, tables.marks_note()],
            columns=[
                Column(title=signpost_word(comparison), width=26),
                Column(title="From", width=18),
                Column(title="To", width=18),
                Column(title="Questions both asked", width=11),
                Column(title="Score then", width=9, number=PERCENT),
                Column(title="Score now", width=9, number=PERCENT),
                Column(title="Change in points", width=9, number=POINTS),
                Column(title="Range from", width=9, number=POINTS),
                Column(title="Range to", width=9, number=POINTS),
                Column(title="In a word", width=16),
                Column(title="In a sentence", width=44),
                Column(title="To bear in mind", width=32),
            ],
            rows=rows,
        )


def _score_cell(point: ScorePoint) -> Cell:
    if point.score is not None:
        return point.score
    return tables.mark_code(point.mark or Mark.NOT_AVAILABLE)


def _findings_sheet(comparison: Comparison, *, heading: Sequence[str]) -> Iterator[Sheet]:
    rows: list[tuple[Cell, ...]] = [
        (
            found.title,
            round_name(comparison.rounds[found.before]),
            round_name(comparison.rounds[found.after]),
            READS_WORDS[found.then],
            "" if found.now is None else READS_WORDS[found.now],
            OUTCOME_WORDS[found.outcome],
            found.sentence,
            ", ".join(found.questions),
        )
        for found in comparison.findings
    ]
    if rows:
        yield Sheet(
            name="Findings",
            heading=[*heading, "What earlier readings became, by the answers alone"],
            columns=[
                Column(title="Topic", width=26),
                Column(title="From", width=18),
                Column(title="To", width=18),
                Column(title="Then", width=20),
                Column(title="Now", width=20),
                Column(title="Outcome", width=20),
                Column(title="In a sentence", width=50),
                Column(title="Questions it rests on", width=30),
            ],
            rows=rows,
        )


def _circumstances_sheet(comparison: Comparison, *, heading: Sequence[str]) -> Iterator[Sheet]:
    rows: list[tuple[Cell, ...]] = [
        (
            question.code,
            question.short or question.text,
            round_name(comparison.rounds[step.before]),
            round_name(comparison.rounds[step.after]),
            CIRCUMSTANCE_WORDS[each.kind],
            each.note,
            each.by,
        )
        for _, question in list_questions(comparison)
        for step in question.steps
        for each in step.circumstances
    ]
    if rows:
        yield Sheet(
            name="Circumstances",
            heading=[*heading, "What changed around a question, which its figures do not know of"],
            columns=[
                Column(title="Code", width=20),
                Column(title="Question", width=34),
                Column(title="From", width=18),
                Column(title="To", width=18),
                Column(title="What", width=18),
                Column(title="Note", width=56),
                Column(title="By", width=20),
            ],
            rows=rows,
        )


def _rounds_sheet(comparison: Comparison, *, heading: Sequence[str]) -> Sheet:
    return Sheet(
        name="Rounds",
        heading=[*heading, "The rounds that are compared, the oldest first"],
        columns=[
            Column(title="Round", width=26),
            Column(title="When", width=16),
            Column(title="What there is", width=24),
            Column(title="Questionnaire", width=40),
            Column(title="People who answered", width=12),
            Column(title="Agencies", width=10),
            Column(title="Every base published", width=12),
            Column(title="Where the figures come from", width=50),
        ],
        rows=[
            (
                each.title,
                each.when,
                KIND_WORDS[each.kind],
                ""
                if each.bank is None
                else f"{each.bank.title} ({each.bank.bank}@{each.bank.version})",
                tables.mark_code(Mark.NOT_AVAILABLE) if each.people is None else each.people,
                tables.mark_code(Mark.NOT_AVAILABLE) if each.agencies is None else each.agencies,
                "yes" if each.bases_published else "no",
                each.source,
            )
            for each in comparison.rounds
        ],
        after=[tables.marks_note()],
    )
