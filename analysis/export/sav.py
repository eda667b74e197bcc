"""A gated result as a data file for SPSS and programs that read its format.

A row is one question and one group of people. Where a figure is withheld stands one of four codes
that are declared missing, so that no average is ever taken over them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from analysis import tables
from analysis.export.gated import refuse_ungated
from analysis.export.letter import Letter
from analysis.export.safety import one_line, shorten
from analysis.export.stamp import stamp
from analysis.result import (
    VERDICT_WORDS,
    Figures,
    Firmness,
    GroupKind,
    GroupResult,
    Mark,
    QuestionResult,
    SignpostResult,
    Summary,
    TopicResult,
    Verdict,
)

MISSING: Final = {
    Mark.CONFIDENTIAL: -99,
    Mark.NOT_APPLICABLE: -98,
    Mark.NOT_AVAILABLE: -97,
    Mark.LOW_RELIABILITY: -96,
}
KIND_WORDS: Final = {
    GroupKind.ALL: "Everybody",
    GroupKind.SIDE: "Council or all partners",
    GroupKind.LEVEL: "Level",
    GroupKind.SECTOR_GROUP: "Group of sectors",
    GroupKind.AGENCY: "Agency",
}
LONGEST: Final = 1_000
NOTE_LINE: Final = 80
"""Characters of a line of the file's notes, which the format fixes."""
LABEL: Final = 64
"""Bytes of the file's label."""
_CREATED: Final = slice(92, 109)
"""Where the header holds the day (9 characters) and the time (8) of writing."""
_MONTHS: Final = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]


@dataclass(frozen=True, kw_only=True)
class _Row:
    """One question and one group, with where it belongs."""

    signpost: SignpostResult | None
    topic: TopicResult | None
    question: QuestionResult
    group: GroupResult


@dataclass(frozen=True, kw_only=True)
class _Variable:
    """A column: its name and label, how its value is found, and how it is shown."""

    name: str
    label: str
    value: Callable[[_Row], str | float]
    format: str
    labels: dict[int, str] | None = None
    figure: bool = False


def to_sav(summary: Summary, *, letter: Letter | None = None) -> bytes:
    """The data file's bytes, equal for equal input.

    Questions that are counted and never judged have no favourable share and are left out.
    """
    refuse_ungated(summary, kinds=(Summary,))
    # pandas takes long to load and is what the library takes a table in.
    import pandas
    import pyreadstat

    told = letter or Letter()
    rows = list(_rows(summary))
    table = pandas.DataFrame(
        {
            each.name: pandas.Series(
                [each.value(row) for row in rows],
                dtype="str" if each.format.startswith("A") else "float64",
            )
            for each in VARIABLES
        }
    )
    labelled = {each.name: labels for each in VARIABLES if (labels := _value_labels(each))}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "result.sav"
        pyreadstat.write_sav(
            table,
            file,
            file_label=_of_bytes(one_line(f"{told.review_title}: {told.council}"), most=LABEL),
            column_labels={each.name: each.label for each in VARIABLES},
            note=_notes(summary, told),
            variable_value_labels=labelled,
            missing_ranges={
                each.name: [{"lo": min(MISSING.values()), "hi": max(MISSING.values())}]
                for each in VARIABLES
                if each.figure
            },
            variable_measure={
                each.name: "scale" if each.figure else "nominal" for each in VARIABLES
            },
            variable_format={
                each.name: each.format for each in VARIABLES if not each.format.startswith("A")
            },
        )
        return _dated(file.read_bytes(), told.dated)


def _rows(summary: Summary) -> Iterator[_Row]:
    for signpost in summary.signposts:
        for topic in signpost.topics:
            for question in topic.questions:
                if question.all is not None:
                    for group in (question.all, *question.groups):
                        yield _Row(signpost=signpost, topic=topic, question=question, group=group)
    for question in summary.other_questions:
        if question.all is not None:
            for group in (question.all, *question.groups):
                yield _Row(signpost=None, topic=None, question=question, group=group)


def _value_labels(variable: _Variable) -> dict[int | float, str]:
    labels: dict[int | float, str] = {}
    labels.update((variable.labels or {}).items())
    if variable.figure:
        labels.update((MISSING[mark], words) for mark, words in tables.MARK_WORDS.items())
    return labels


def _dated(content: bytes, day: date) -> bytes:
    """The file with the given day in place of the moment it was written."""
    stamp = f"{day.day:02} {_MONTHS[day.month - 1]} {day.year % 100:02}00:00:00".encode("ascii")
    return content[: _CREATED.start] + stamp + content[_CREATED.stop :]


def _notes(summary: Summary, letter: Letter) -> list[str]:
    """What the file is and comes from, in lines as short as the format wants them."""
    told = [
        f"{letter.review_title}: {letter.council}",
        letter.round_title,
        f"{summary.bank.title} ({summary.bank.bank}@{summary.bank.version})",
        tables.coverage_text(summary.coverage),
        tables.BASE_NOTE,
        *(f"{name}: {value}" for name, value in stamp(summary)),
        *summary.coverage.caveats,
        *summary.caveats,
    ]
    return [line for words in told for line in _lines(words)]


def _lines(words: str) -> Iterator[str]:
    """The words in lines of as many bytes as the format allows; a longer word is broken."""
    line = ""
    for word in shorten(words, to=LONGEST).split():
        longer = f"{line} {word}".strip()
        if len(longer.encode()) > NOTE_LINE and line:
            yield line
            longer = word
        line = longer
        while len(line.encode()) > NOTE_LINE:
            first = _of_bytes(line, most=NOTE_LINE)
            yield first
            line = line[len(first) :]
    if line:
        yield line


def _of_bytes(text: str, *, most: int) -> str:
    """As much of the text's beginning as takes no more than so many bytes."""
    return text.encode()[:most].decode(errors="ignore")


def _text(found: Callable[[_Row], str]) -> Callable[[_Row], str]:
    return lambda row: shorten(found(row), to=LONGEST)


def _figure(found: Callable[[Figures], float | None]) -> Callable[[_Row], float]:
    """A figure of the row's group, or the code of the mark that stands in its place."""

    def value(row: _Row) -> float:
        figures = row.group.figures
        if figures is None:
            return MISSING[row.group.mark or Mark.CONFIDENTIAL]
        told = found(figures)
        return MISSING[Mark.NOT_AVAILABLE] if told is None else told

    return value


def _of_base(found: Callable[[Figures], float | None]) -> Callable[[_Row], float]:
    """A figure that means nothing where nobody chose an answer on the scale."""
    return _figure(lambda figures: found(figures) if figures.base else None)


_KINDS = list(GroupKind)
_VERDICTS = list(Verdict)
_FIRMNESS = list(Firmness)


def _verdict(row: _Row) -> float:
    """What the answers of everybody say; for a group by itself nothing is said."""
    reading = row.question.reading
    if reading is None or row.group.kind is not GroupKind.ALL:
        return MISSING[Mark.NOT_APPLICABLE]
    return _VERDICTS.index(reading.verdict) + 1


def _firmness(row: _Row) -> float:
    reading = row.question.reading
    if reading is None or reading.firmness is None or row.group.kind is not GroupKind.ALL:
        return MISSING[Mark.NOT_APPLICABLE]
    return _FIRMNESS.index(reading.firmness) + 1


def _sentence(row: _Row) -> str:
    if row.group.kind is GroupKind.ALL and row.question.reading is not None:
        return row.question.reading.sentence
    return row.group.words or ""


def _string(name: str, label: str, found: Callable[[_Row], str]) -> _Variable:
    return _Variable(name=name, label=label, value=_text(found), format="A")


def _count(name: str, label: str, found: Callable[[Figures], float | None]) -> _Variable:
    return _Variable(name=name, label=label, value=_figure(found), format="F8.0", figure=True)


def _share(name: str, label: str, found: Callable[[Figures], float | None]) -> _Variable:
    return _Variable(name=name, label=label, value=_of_base(found), format="F8.4", figure=True)


VARIABLES: Final = (
    _string("signpost", "Signpost, code", lambda row: row.signpost.code if row.signpost else ""),
    _string("signpost_title", "Signpost", lambda row: row.signpost.title if row.signpost else ""),
    _string("topic", "Topic, code", lambda row: row.topic.code if row.topic else ""),
    _string("topic_title", "Topic", lambda row: row.topic.title if row.topic else ""),
    _string("question", "Question, code", lambda row: row.question.code),
    _Variable(
        name="wording",
        label="Version of the question’s wording",
        value=lambda row: row.question.wording_version,
        format="F4.0",
    ),
    _string("question_text", "Question as asked", lambda row: row.question.text),
    _Variable(
        name="group_kind",
        label="What sets the group apart",
        value=lambda row: _KINDS.index(row.group.kind) + 1,
        format="F2.0",
        labels={place: KIND_WORDS[kind] for place, kind in enumerate(_KINDS, start=1)},
    ),
    _string("group_code", "Whose answers, code", lambda row: row.group.group),
    _string("group_title", "Whose answers", lambda row: row.group.title),
    _count("people", "People who chose any answer", lambda found: found.people),
    _count("agencies", "Agencies they work in", lambda found: found.agencies),
    _count("base", "People who chose an answer on the scale", lambda found: found.base),
    _count("favourable", "People who answered favourably", lambda found: found.favourable),
    _count("neutral", "People who answered in between", lambda found: found.neutral),
    _count("unfavourable", "People who answered unfavourably", lambda found: found.unfavourable),
    _count("dont_know", "People who did not know", lambda found: found.dont_know),
    _count("not_applicable", "People it does not apply to", lambda found: found.not_applicable),
    _count("skipped", "People who left it out", lambda found: found.skipped),
    _count("not_shown", "People who were not asked", lambda found: found.not_shown),
    _share("share", "Share favourable, of the base", lambda found: found.share),
    _share("share_low", "95% range of the share, from", lambda found: found.interval.low),
    _share("share_high", "95% range of the share, to", lambda found: found.interval.high),
    _share(
        "bound_low",
        "The share if everybody who did not answer were unfavourable",
        lambda found: found.bounds.low if found.bounds else None,
    ),
    _share(
        "bound_high",
        "The share if everybody who did not answer were favourable",
        lambda found: found.bounds.high if found.bounds else None,
    ),
    _Variable(
        name="dont_know_share",
        label="Share who did not know, of those it applies to",
        value=_figure(
            lambda found: found.dont_know_share if found.base + found.dont_know else None
        ),
        format="F8.4",
        figure=True,
    ),
    _share(
        "agreement",
        "Agreement, from -1 (split) to 1 (of one mind)",
        lambda found: found.agreement,
    ),
    _share("mean_index", "Mean of the options’ weights, 0 to 100", lambda found: found.index),
    _Variable(
        name="verdict",
        label="What the answers say",
        value=_verdict,
        format="F3.0",
        labels={place: VERDICT_WORDS[one] for place, one in enumerate(_VERDICTS, start=1)},
        figure=True,
    ),
    _Variable(
        name="firmness",
        label="How sure that is",
        value=_firmness,
        format="F3.0",
        labels={
            place: tables.FIRMNESS_WORDS[one].capitalize()
            for place, one in enumerate(_FIRMNESS, start=1)
        },
        figure=True,
    ),
    _Variable(
        name="held",
        label="Figures of an earlier snapshot",
        value=lambda row: int(row.question.held),
        format="F1.0",
        labels={0: "No", 1: "Yes"},
    ),
    _string("said", "What the answers say, in words", _sentence),
)
"""Every variable in the file's order."""
