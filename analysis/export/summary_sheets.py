"""The gated result of a round as tables: summary, questions, coverage, dictionary, settings.

Shares are numbers from 0 to 1 shown as whole percents, so they can be charted and sorted. Where a
figure was withheld stands its mark, or the words the gate allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis import tables
from analysis.export import prose
from analysis.export.letter import Decision, Letter
from analysis.export.sheets import PERCENT, POINTS, Book, Cell, Column, Sheet
from analysis.export.stamp import settings_rows
from analysis.result import (
    ChoiceCounts,
    CoverageState,
    GroupResult,
    Mark,
    QuestionResult,
    Reading,
    Summary,
)
from question_banks.bank import SECTOR_TITLES

BEFORE_VISIT = (
    "What the answers say is where to look. The verdict is the reviewers’, and this is not an "
    "inspection."
)
SAYS = Column(title="What the answers say", width=20)
JUDGEMENT = (
    Column(title="Reviewers’ judgement", width=18),
    Column(title="Reviewers’ reason", width=24),
)


def summary_book(summary: Summary, letter: Letter) -> Book:
    """The tables of one round. Comments that are not quotable are left out."""
    title = f"{letter.review_title}: {letter.council}"
    heading = (title, " · ".join(part for part in (letter.round_title, letter.closed) if part))
    return Book(
        title=title,
        subject=letter.round_title,
        dated=letter.dated,
        sheets=(
            _summary_sheet(summary, letter, heading=heading),
            *_signposts_sheet(summary, heading=heading),
            _questions_sheet(summary, letter, heading=heading),
            *_counted_sheet(summary, heading=heading),
            *_returns_sheet(summary, heading=heading),
            _coverage_sheet(summary, heading=heading),
            *_comments_sheet(summary, letter, heading=heading),
            _dictionary_sheet(summary, heading=heading),
            _settings_sheet(summary, heading=heading),
        ),
    )


def _judgement(
    reading: Reading | None, decision: Decision | None, *, letter: Letter
) -> tuple[Cell, ...]:
    """The rule's reading and, where reviewers decided anything at all, their judgement beside."""
    said = tables.reading_words(reading) if reading else ""
    if not letter.decisions:
        return (said,)
    if decision is None:
        return said, "", ""
    reason = f"{decision.reason} ({decision.by})" if decision.by else decision.reason
    return said, decision.words, reason


def _summary_sheet(summary: Summary, letter: Letter, *, heading: Sequence[str]) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    for signpost in summary.signposts:
        for topic in signpost.topics:
            decision = letter.decisions.get(topic.code)
            statement = (decision.note if decision else "") or topic.reading.sentence
            because = " ".join(said.words for said in topic.reading.modifiers)
            rows.append(
                (
                    signpost.title,
                    topic.title,
                    *_judgement(topic.reading, decision, letter=letter),
                    statement,
                    because,
                )
            )
    return Sheet(
        name="Summary",
        heading=[
            *heading,
            tables.coverage_text(summary.coverage),
            BEFORE_VISIT,
        ],
        columns=[
            Column(title=summary.bank.signpost_word.capitalize(), width=20),
            Column(title="Topic", width=18),
            SAYS,
            *(JUDGEMENT if letter.decisions else ()),
            Column(title="Statement", width=56),
            Column(title="To bear in mind", width=46),
        ],
        rows=rows,
        after=_with_title("Read with care", (*summary.coverage.caveats, *summary.caveats)),
    )


def _with_title(title: str, lines: Sequence[str]) -> list[str]:
    return [title, *lines] if lines else []


def _signposts_sheet(summary: Summary, *, heading: Sequence[str]) -> Iterator[Sheet]:
    """A sheet only where signposts have a score, or groups that are told in words."""
    rows: list[tuple[Cell, ...]] = []
    bold: set[int] = set()
    for signpost in summary.signposts:
        bold.add(len(rows))
        score = signpost.score
        rows.append(
            (
                signpost.title,
                "Everybody",
                None if score is None else score.score,
                None if score is None else score.interval.low,
                None if score is None else score.interval.high,
                None if score is None else score.people,
                signpost.mostly_favourable,
                signpost.mostly_unfavourable,
                " ".join(filter(None, (signpost.sentence, prose.agencies_text(signpost)))),
            )
        )
        rows += [
            (signpost.title, row.title, row.file_share, None, None, None, None, None, "")
            for row in map(tables.figure_row, signpost.groups)
        ]
    if not any(
        signpost.score or signpost.groups or signpost.agencies_lean
        for signpost in summary.signposts
    ):
        return
    word = summary.bank.signpost_word.capitalize()
    yield Sheet(
        name=f"{word}s"[:31],
        heading=[*heading, tables.SCORE_NOTE, tables.marks_note()],
        columns=[
            Column(title=word, width=28),
            Column(title="Group", width=24),
            Column(title="Score", width=16, number=PERCENT),
            Column(title="Range from", width=9, number=PERCENT),
            Column(title="Range to", width=9, number=PERCENT),
            Column(title="People", width=9),
            Column(title="Mostly favourable", width=11),
            Column(title="Mostly unfavourable", width=13),
            Column(title="In a sentence", width=56),
        ],
        rows=rows,
        bold=frozenset(bold),
    )


def _returns_sheet(summary: Summary, *, heading: Sequence[str]) -> Iterator[Sheet]:
    """A sheet only where agencies made returns: their own ratings beside the answers."""
    asked = summary.questions()
    rows: list[tuple[Cell, ...]] = []
    for each in summary.returns:
        question = asked.get(each.question)
        figures = each.practitioners.figures
        row = tables.figure_row(each.practitioners)
        rows.append(
            (
                each.agency,
                each.question,
                each.question if question is None else question.short or question.text,
                each.rating,
                row.title,
                None if figures is None else figures.base,
                row.file_share if figures is None or not figures.base else figures.share,
                None if each.apart is None else each.apart,
                each.sentence,
            )
        )
    if rows:
        yield Sheet(
            name="Agency returns",
            heading=[*heading, tables.RETURNS_NOTE, tables.marks_note()],
            columns=[
                Column(title="Agency", width=28),
                Column(title="Code", width=20),
                Column(title="Question", width=32),
                Column(title="The agency’s rating", width=18),
                Column(title="Whose answers", width=22),
                Column(title="Answered", width=10),
                Column(title="Share", width=12, number=PERCENT),
                Column(title="Apart, of 100", width=9, number=POINTS),
                Column(title="In a sentence", width=52),
            ],
            rows=rows,
        )


def _questions_sheet(summary: Summary, letter: Letter, *, heading: Sequence[str]) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    bold: set[int] = set()
    for signpost in summary.signposts:
        for topic in signpost.topics:
            for question in topic.questions:
                if question.all is None:
                    continue
                bold.add(len(rows))
                place = (signpost.title, question.code, question.short or question.text)
                decision = letter.decisions.get(question.code)
                says, *judged = _judgement(question.reading, decision, letter=letter)
                if question.held:
                    says = f"{says}. {tables.HELD_NOTE}"
                rows.append((*place, *_group_cells(question.all), says, *judged))
                rows += [
                    (*place, *_group_cells(group), "", *("" for _ in judged))
                    for group in question.groups
                ]
    return Sheet(
        name="Questions",
        heading=[*heading, tables.BASE_NOTE, tables.marks_note()],
        columns=[
            Column(title=summary.bank.signpost_word.capitalize(), width=22),
            Column(title="Code", width=24),
            Column(title="Question", width=34),
            Column(title="Group", width=24),
            Column(title="Answered", width=10),
            Column(title="Favourable", width=11),
            Column(title="Share", width=10, number=PERCENT),
            Column(title="Range from", width=9, number=PERCENT),
            Column(title="Range to", width=9, number=PERCENT),
            Column(title="Don’t know", width=8),
            Column(title="Share don’t know", width=9, number=PERCENT),
            Column(title="Agreement", width=11, number="0.00"),
            SAYS,
            *(JUDGEMENT if letter.decisions else ()),
        ],
        rows=rows,
        bold=frozenset(bold),
        after=[tables.INTERVAL_NOTE, tables.ROUNDING_NOTE],
    )


def _group_cells(group: GroupResult) -> tuple[Cell, ...]:
    figures = group.figures
    if figures is None:
        row = tables.figure_row(group)
        return (group.title, None, None, row.file_share, None, None, None, None, None)
    return (
        group.title,
        figures.base,
        figures.favourable,
        figures.share if figures.base else None,
        figures.interval.low,
        figures.interval.high,
        figures.dont_know,
        figures.dont_know_share,
        figures.agreement,
    )


def _counted_sheet(summary: Summary, *, heading: Sequence[str]) -> Iterator[Sheet]:
    """A sheet only where the questionnaire has questions that are counted and never judged."""
    rows = [
        (question.code, question.text, *cells)
        for question in summary.questions().values()
        if question.counts is not None
        for cells in _count_cells(question.counts)
    ]
    if rows:
        yield Sheet(
            name="Counted questions",
            heading=[*heading, "These questions are counted and never judged"],
            columns=[
                Column(title="Code", width=20),
                Column(title="Question", width=48),
                Column(title="Answered", width=10),
                Column(title="Choice", width=36),
                Column(title="People", width=16),
                Column(title="Share", width=9, number=PERCENT),
                Column(title="Middle answer or place", width=16, number="0.0"),
            ],
            rows=rows,
        )


def _count_cells(counts: ChoiceCounts) -> Iterator[tuple[Cell, ...]]:
    if counts.mark is not None:
        yield (None, "", tables.mark_code(counts.mark), None, None)
        return
    if counts.median is not None or not counts.options:
        yield (counts.answered, "", None, None, counts.median)
    for option in counts.options:
        share = option.count / counts.answered if option.count and counts.answered else None
        yield (counts.answered, option.label, option.count, share, option.median_place)


def _coverage_sheet(summary: Summary, *, heading: Sequence[str]) -> Sheet:
    coverage = summary.coverage
    titles = {row.sector: row.title for row in coverage.sectors}
    rows: list[tuple[Cell, ...]] = []
    bold: set[int] = set()
    for sector in coverage.sectors:
        bold.add(len(rows))
        rows.append(
            (
                sector.title,
                "All of this sector",
                *_people(sector.invited, sector.answered, sector.state),
            )
        )
        rows += [
            (sector.title, agency.agency, *_people(agency.invited, agency.answered, agency.state))
            for agency in coverage.agencies
            if agency.sector is sector.sector
        ]
    rows += [
        (
            SECTOR_TITLES[agency.sector],
            agency.agency,
            *_people(agency.invited, agency.answered, agency.state),
        )
        for agency in coverage.agencies
        if agency.sector not in titles
    ]
    levels = [f"{level.title}: {level.answered:,} answered" for level in coverage.levels]
    return Sheet(
        name="Coverage",
        heading=[*heading, tables.coverage_text(coverage)],
        columns=[
            Column(title="Sector", width=30),
            Column(title="Agency", width=36),
            Column(title="Invited", width=12),
            Column(title="Answered", width=12),
            Column(title="Rate", width=10, number=PERCENT),
            Column(title="State", width=28),
        ],
        rows=rows,
        bold=frozenset(bold),
        after=[*_with_title("By level", levels), *coverage.caveats],
    )


def _people(invited: int | None, answered: int, state: CoverageState) -> tuple[Cell, ...]:
    if state is CoverageState.NOT_INVITED and not invited:
        shown: Cell = 0
    else:
        shown = tables.mark_code(Mark.NOT_AVAILABLE) if invited is None else invited
    rate = min(answered, invited) / invited if invited else None
    return shown, answered, rate, tables.STATE_WORDS[state]


def _comments_sheet(summary: Summary, letter: Letter, *, heading: Sequence[str]) -> Iterator[Sheet]:
    """A sheet only where there are comments whose writers agreed to be quoted."""
    rows = [
        (signpost.title, comment.sector, comment.text, comment.mark)
        for signpost in summary.signposts
        for comment in letter.comments.get(signpost.code, ())
        if comment.quotable
    ]
    if rows:
        yield Sheet(
            name="Comments",
            heading=[*heading, "Comments released by a person, whose writers agreed to be quoted"],
            columns=[
                Column(title=summary.bank.signpost_word.capitalize(), width=30),
                Column(title="Sector", width=32),
                Column(title="Comment", width=64),
                Column(title="Redaction", width=24),
            ],
            rows=rows,
        )


def _dictionary_sheet(summary: Summary, *, heading: Sequence[str]) -> Sheet:
    rows = [
        (
            question.code,
            question.wording_version,
            question.text,
            question.type.replace("_", " "),
            "; ".join(_options(question)),
        )
        for question in summary.questions().values()
    ]
    return Sheet(
        name="Data dictionary",
        heading=[
            *heading,
            f"{summary.bank.title} ({summary.bank.bank}@{summary.bank.version})",
        ],
        columns=[
            Column(title="Code", width=20),
            Column(title="Wording", width=9),
            Column(title="Question", width=44),
            Column(title="Type", width=13),
            Column(title="Options, with their codes", width=60),
        ],
        rows=rows,
    )


def _options(question: QuestionResult) -> list[str]:
    groups = (() if question.all is None else (question.all,)) + question.groups
    shown = next((group.figures for group in groups if group.figures is not None), None)
    if shown is not None:
        return [
            f"{option.label} ({option.option}: {tables.KIND_WORDS[option.kind].lower()})"
            for option in shown.options
        ]
    counts = question.counts
    if counts is None:
        return ["Not shown here: see the questionnaire"]
    return [f"{option.label} ({option.option})" for option in counts.options]


def _settings_sheet(summary: Summary, *, heading: Sequence[str]) -> Sheet:
    return Sheet(
        name="Settings",
        heading=[*heading, "The lines and rules that were in force"],
        columns=[Column(title="Setting", width=34), Column(title="Value", width=80)],
        rows=settings_rows(summary),
        after=[
            tables.BASE_NOTE,
            tables.INTERVAL_NOTE,
            tables.BOUNDS_NOTE,
            tables.ROUNDING_NOTE,
            tables.marks_note(),
        ],
    )
