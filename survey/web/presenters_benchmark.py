"""What the page of a benchmark shows: the own council beside others, none of them named."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.benchmarked import (
    FEWEST_COUNCILS,
    FEWEST_FOR_FUNNEL,
    POSITION_WORDS,
    Benchmark,
    Beside,
    Position,
)
from analysis.charts import Chart
from analysis.charts_councils import beside_chart, funnel_chart
from analysis.rounding import counted, interval_text, percent_of
from survey.data.sharing import BenchmarkRow, ConsentRow
from survey.web.presenters_compare import POINT_MARKS, hidden_text
from survey.web.presenters_rounds import RoundHead
from survey.web.presenting import date_time

POSITION_TAGS: dict[Position, str] = {
    Position.ABOVE: "govuk-tag--blue",
    Position.MIDDLE_HALF: "govuk-tag--grey",
    Position.BELOW: "govuk-tag--orange",
}

SHORT_POSITIONS: dict[Position, str] = {
    Position.ABOVE: "Above",
    Position.MIDDLE_HALF: "Among them",
    Position.BELOW: "Below",
}
"""In a column that says what is meant: the middle half of councils."""


@dataclass(frozen=True)
class BesideView:
    """One question or score beside other councils'."""

    code: str
    title: str
    own: str
    interval: str
    median: str
    quartiles: str
    shrunken: str
    position: str
    short: str
    tag: str
    sentence: str


@dataclass(frozen=True)
class SignpostView:
    """A signpost's score and its questions beside other councils'."""

    code: str
    title: str
    score: BesideView
    questions: tuple[BesideView, ...]
    chart: Chart | None


@dataclass(frozen=True)
class Consent:
    """Whether the round is shared, since when, and who agreed."""

    is_shared: bool
    words: str


@dataclass(frozen=True)
class BenchmarkPage:
    """The page of a benchmark. `refusal` says why there are no figures; `signposts` is then empty.

    `can_make` is True where the figures can be worked out now and have not been.
    """

    head: RoundHead
    consent: Consent
    group: str
    refusal: str
    can_make: bool
    was_made: bool
    sentence: str
    caveats: tuple[str, ...]
    hidden: str
    signposts: tuple[SignpostView, ...]
    made: str
    fewest: int = FEWEST_COUNCILS


@dataclass(frozen=True)
class QuestionPage:
    """One question beside other councils', with its funnel where there are enough of them."""

    head: RoundHead
    row: BesideView
    text: str
    chart: Chart | None
    no_chart: str


def question_page(head: RoundHead, row: BenchmarkRow, code: str) -> QuestionPage | None:
    """The page of one question, or None where there is none of that code."""
    beside = row.benchmark.rows().get(code)
    if beside is None:
        return None
    return QuestionPage(
        head=head,
        row=_view(beside),
        text=beside.text,
        chart=funnel_chart(row.benchmark, beside),
        no_chart=f"A picture of the councils needs at least {FEWEST_FOR_FUNNEL} of them, this one "
        "included.",
    )


def benchmark_page(
    head: RoundHead,
    *,
    consent: ConsentRow | None,
    councils: int,
    key: str,
    stored: BenchmarkRow | None,
    months: int,
) -> BenchmarkPage:
    """The page of a round's benchmark.

    `councils` is how many others share a round that can stand beside this one now, and `key` the
    digest of what the benchmark would be made from: a stored one made from anything else is not
    shown, since a council may have withdrawn since.
    """
    found = stored.benchmark if stored is not None and stored.key == key else None
    refusal = ""
    if councils < FEWEST_COUNCILS:
        found = None
        refusal = too_few_text(councils, months=months)
    elif found is not None and found.refusal is not None:
        refusal = found.refusal
    made = ""
    if found is not None and stored is not None:
        made = f"Worked out at {date_time(stored.made_at)}"
    return BenchmarkPage(
        head=head,
        consent=consent_view(consent),
        group=f"{counted(councils, 'other council')} {'shares' if councils == 1 else 'share'} a "
        f"round that asked the same questions within {months} months of this one.",
        refusal=refusal,
        can_make=not refusal and found is None,
        was_made=stored is not None,
        sentence=found.sentence if found is not None and not refusal else "",
        caveats=found.caveats if found is not None else (),
        hidden=hidden_text(found.hidden_cells) if found is not None else "",
        signposts=_signposts(found) if found is not None and not refusal else (),
        made=made,
    )


def too_few_text(councils: int, *, months: int) -> str:
    """Why nothing is shown beside so few councils."""
    share = "has" if councils == 1 else "have"
    some = (
        "No other council has" if councils == 0 else f"{counted(councils, 'other council')} {share}"
    )
    return (
        f"{some} agreed to share a round that asked the same questions within {months} months of "
        f"this one. At least {FEWEST_COUNCILS} are needed, so that no council can be told from the "
        "figures."
    )


def consent_view(consent: ConsentRow | None) -> Consent:
    """Whether a round is shared, in a sentence."""
    if consent is None:
        return Consent(False, "This round is not shared. No other council sees its figures.")
    by = f" by {consent.agreed_by}" if consent.agreed_by else ""
    return Consent(
        True,
        f"This round has been shared since {date_time(consent.agreed_at)}{by}. Its figures stand "
        "among others’, never under your council’s name.",
    )


def _signposts(found: Benchmark) -> tuple[SignpostView, ...]:
    return tuple(
        SignpostView(
            code=signpost.code,
            title=signpost.title,
            score=_view(signpost.score),
            questions=tuple(_view(question) for question in signpost.questions),
            chart=beside_chart(found, signpost),
        )
        for signpost in found.signposts
    )


def _view(beside: Beside) -> BesideView:
    own = POINT_MARKS[beside.mark] if beside.mark is not None else ""
    if beside.own is not None:
        own = _percent(beside.own)
        if beside.base is not None:
            own += f" of {counted(beside.base, 'person', 'people')}"
    quartiles = ""
    if beside.lower is not None and beside.upper is not None:
        quartiles = f"{_percent(beside.lower)} to {_percent(beside.upper)}"
    return BesideView(
        code=beside.code,
        title=beside.title,
        own=own,
        interval=interval_text(beside.interval) if beside.interval is not None else "",
        median=_percent(beside.median) if beside.median is not None else "",
        quartiles=quartiles,
        shrunken=_percent(beside.shrunken) if beside.shrunken is not None else "",
        position=POSITION_WORDS[beside.position] if beside.position is not None else "",
        short=SHORT_POSITIONS[beside.position] if beside.position is not None else "",
        tag=POSITION_TAGS[beside.position] if beside.position is not None else "",
        sentence=beside.sentence,
    )


def _percent(share: float) -> str:
    return f"{percent_of(share)}%"
