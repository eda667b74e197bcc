"""Loading what the pages of a benchmark show."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.benchmarked import FEWEST_COUNCILS, Benchmark
from analysis.export import file_title, list_formats
from survey.actions import benchmarking
from survey.clock import now
from survey.data import sharing
from survey.data.rounds import RoundOfCouncil
from survey.data.sharing import BenchmarkRow
from survey.errors import NotAllowedNow, NotFound
from survey.extensions import db
from survey.web import presenters_benchmark, presenters_rounds
from survey.web.presenters_benchmark import BenchmarkPage, Consent, QuestionPage
from survey.web.presenters_findings import FileChoice
from survey.web.presenters_rounds import RoundHead

FILES = tuple(
    FileChoice(each.value, file_title(each, kind=Benchmark)) for each in list_formats(Benchmark)
)
"""The files of a benchmark that can be asked for."""


@dataclass(frozen=True)
class SharePage:
    """The page that asks before a round is shared, or before that is ended."""

    head: RoundHead
    consent: Consent
    fewest: int = FEWEST_COUNCILS


def benchmark_page(item: RoundOfCouncil) -> BenchmarkPage:
    """What the page of a benchmark shows. Raises NotAllowedNow without findings."""
    session = db.session()
    group = benchmarking.get_group(session, item)
    return presenters_benchmark.benchmark_page(
        presenters_rounds.head(item, now=now()),
        consent=benchmarking.find_consent(session, item),
        councils=len(group.others),
        key=group.key,
        stored=sharing.find_benchmark(session, round_id=item.round.id),
        months=benchmarking.MONTHS,
    )


def question_page(item: RoundOfCouncil, code: str) -> QuestionPage:
    """What the page of one question shows. Raises NotFound, and NotAllowedNow as `load` does."""
    head = presenters_rounds.head(item, now=now())
    page = presenters_benchmark.question_page(head, load(item), code)
    if page is None:
        raise NotFound("There is no such question beside other councils’.")
    return page


def share_page(item: RoundOfCouncil) -> SharePage:
    """What the page that asks about sharing shows. Raises NotAllowedNow without findings."""
    session = db.session()
    benchmarking.get_group(session, item)
    return SharePage(
        presenters_rounds.head(item, now=now()),
        presenters_benchmark.consent_view(benchmarking.find_consent(session, item)),
    )


def load(item: RoundOfCouncil) -> BenchmarkRow:
    """The benchmark of the group as it is now. Raises NotAllowedNow where none can be shown."""
    session = db.session()
    group = benchmarking.get_group(session, item)
    row = sharing.find_benchmark(session, round_id=item.round.id)
    if row is None or row.key != group.key or row.benchmark.refusal is not None:
        raise NotAllowedNow(
            "The group of councils has changed, or is too small. Look at the page first."
        )
    return row
