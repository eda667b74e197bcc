"""Whether results that were released, taken together, reveal how a few people answered.

Works from the published results alone, as a reader has them. The gate has already tried each
release beside those before it with all that is known of the round (`analysis.releases`); this is
the check from outside, for results from anywhere: other settings, an older program, a file made by
hand. What it reads and what it passes over are in docs/methods.md, "A release after another".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from analysis.decisions import is_extreme
from analysis.groups import LEVEL_GROUP_TITLES
from analysis.released_facts import EVERYBODY, GroupName, every_group, groups_of, settings_of
from analysis.released_ranges import Numbers, Possible
from analysis.released_unknowns import Shown, Unknowns
from analysis.result import ChoiceCounts, GroupKind, QuestionResult, Summary
from analysis.revealed import Audit, InvalidReleases, Revealed, Rule, people_text, words_of
from analysis.settings import COUNCIL, AnalysisSettings
from question_banks.bank import SECTOR_TITLES, Level, Sector

__all__ = ["Audit", "InvalidReleases", "Revealed", "audit_releases"]


def audit_releases(summaries: Sequence[Summary]) -> Audit:
    """What results of one round, the oldest first, reveal together.

    Raises InvalidReleases for none, for results of different banks or versions, and where a later
    one has fewer answers from some agency than an earlier one, so that they cannot be of one round.
    """
    _check(summaries)
    rounds = [_Released(summary) for summary in summaries]
    codes = list(dict.fromkeys(code for each in rounds for code in each.questions))
    revealed = [found for code in codes for found in _of_question(code, rounds)]
    revealed += _of_signposts(rounds)
    return Audit(releases=len(rounds), questions=len(codes), revealed=tuple(revealed))


class _Released:
    """One result with what is read of it for every question."""

    def __init__(self, summary: Summary) -> None:
        self.summary = summary
        self.questions = summary.questions()
        self.settings = settings_of(summary)
        self.by_level = {row.level.value: row.answered for row in summary.coverage.levels}
        self.by_sector: Counter[Sector] = Counter()
        self.agencies: Counter[Sector] = Counter()
        for agency in summary.coverage.agencies:
            self.by_sector[agency.sector] += agency.answered
            self.agencies[agency.sector] += agency.answered > 0

    @property
    def answered(self) -> int:
        return self.summary.coverage.answered


def _check(summaries: Sequence[Summary]) -> None:
    if not summaries:
        raise InvalidReleases("There is no result to audit.")
    first = summaries[0]
    for place, summary in enumerate(summaries[1:], start=2):
        if summary.bank.digest != first.bank.digest:
            raise InvalidReleases(
                f"Result {place} is of {summary.bank.bank} {summary.bank.version}, result 1 of "
                f"{first.bank.bank} {first.bank.version}: only releases of one round can be "
                "audited together."
            )
    for place, (before, after) in enumerate(pairwise(summaries), start=2):
        answered = {agency.agency: agency.answered for agency in after.coverage.agencies}
        for agency in before.coverage.agencies:
            later = answered.get(agency.agency, 0)
            if later < agency.answered:
                raise InvalidReleases(
                    f"{agency.agency} has {agency.answered} answers in result {place - 1} and "
                    f"{later} in result {place}. Give the results of one round, the oldest first."
                )


def _of_question(code: str, rounds: Sequence[_Released]) -> Iterator[Revealed]:
    results = [each.questions.get(code) for each in rounds]
    if any(result is not None and result.counts is not None for result in results):
        yield from _of_counts(code, results, k=max(each.settings.k for each in rounds))
        return
    shown = [
        Shown(
            result=None if result is None or result.held else result,
            settings=each.settings,
            by_level=each.by_level,
            by_sector=each.by_sector,
            agencies=each.agencies,
        )
        for result, each in zip(results, rounds, strict=True)
    ]
    if not any(each.result is not None for each in shown):
        return
    yield from _Question(code, shown).revealed()


class _Question:
    """One question on a scale, as all releases show it."""

    def __init__(self, code: str, shown: Sequence[Shown]) -> None:
        self._code, self._shown = code, shown
        self._unknowns = Unknowns(shown)
        found = self._unknowns.possible
        if found is None:
            raise InvalidReleases(
                f"What the results show of {code} does not fit together, so they are not releases "
                "of one round."
            )
        self._possible: Possible = found
        self._k = max(each.settings.k for each in shown)

    def revealed(self) -> Iterator[Revealed]:
        """What can be worked out: first of newcomers, then of the groups each release hides."""
        for first, last in combinations(range(len(self._shown)), 2):
            steps = range(first + 1, last + 1)
            for title, cells in self._sets():
                found = self._narrowed(
                    steps,
                    cells,
                    title,
                    releases=(first + 1, last + 1),
                    rule=Rule.NEWCOMERS,
                )
                if found is not None:
                    yield found
        for release, shown in enumerate(self._shown):
            if shown.result is not None:
                yield from self._hidden(release, shown.result)

    def _hidden(self, release: int, result: QuestionResult) -> Iterator[Revealed]:
        """What can be worked out of people that a release does not show in figures."""
        settings = self._shown[release].settings
        listed = {
            self._unknowns.cells_of(name, settings).tobytes(): (name, group)
            for name, group in groups_of(result).items()
        }
        in_figures = [
            (self._unknowns.cells_of(name, settings), group.figures)
            for name, group in groups_of(result).items()
            if group.figures is not None
        ]
        for title, cells in self._sets():
            name, group = listed.get(cells.tobytes(), (None, None))
            rule = Rule.NEWCOMERS
            if group is not None and group.figures is not None:
                continue
            if name is not None and group is not None and not self._in_figures(name):
                rule = Rule.HIDDEN
                if name.name != COUNCIL and self._shown[release].agencies_of(name) < 2:
                    rule = Rule.ONE_AGENCY if group.words is None else Rule.ONE_AGENCY_IN_WORDS
            found = self._narrowed(
                range(release + 1),
                cells,
                title,
                releases=(release + 1,),
                rule=rule,
                wholes=[
                    (figures.base, figures.favourable)
                    for whole, figures in in_figures
                    if not (cells * (1 - whole)).any()
                ],
            )
            if found is not None:
                yield found

    def _in_figures(self, name: GroupName) -> bool:
        """True when some release shows the group in figures."""
        return any(
            found is not None and found.figures is not None
            for shown in self._shown
            if shown.result is not None
            for found in [groups_of(shown.result).get(name)]
        )

    def _sets(self) -> list[tuple[str, Numbers]]:
        """Everybody, every group of any release, and the sectors that any of them tells apart."""
        sets: dict[bytes, tuple[str, Numbers]] = {}
        for shown in self._shown:
            for name in every_group(shown.settings):
                cells = self._unknowns.cells_of(name, shown.settings)
                sets.setdefault(cells.tobytes(), (_title(name, shown.settings), cells))
        for sectors in self._unknowns.sets:
            title = ", ".join(sorted(SECTOR_TITLES[sector] for sector in sectors))
            cells = self._unknowns.cells_of_set(sectors)
            sets.setdefault(cells.tobytes(), (title, cells))
        return [(title, cells) for title, cells in sets.values() if cells.any()]

    def _narrowed(
        self,
        steps: Sequence[int],
        cells: Numbers,
        title: str,
        *,
        releases: tuple[int, ...],
        rule: Rule,
        wholes: Sequence[tuple[int, int]] = (),
    ) -> Revealed | None:
        """The set of people, where too little is left open of how many were favourable.

        `wholes` are the base and the favourable count of figures of the same release that hold the
        set: what those alone leave open is as much as can be asked.
        """
        counted = self._unknowns.favourable(steps, cells)
        held = self._unknowns.people(steps, cells)
        found = self._possible.found_range(held)
        if found[0] == 0 or self._possible.spread(counted) >= rule.width(
            found, k=self._k, wholes=wholes
        ):
            return None
        people, favourable = self._possible.range_of(held), self._possible.range_of(counted)
        width = favourable[1] - favourable[0]
        if people[0] == 0 or width >= rule.width(people, k=self._k, wholes=wholes):
            return None
        if rule.allows_figures(people, k=self._k) and not _all_but_tells(people, favourable):
            return None
        return Revealed(
            releases=releases,
            question=self._code,
            group=title,
            people=people,
            favourable=favourable,
            words=words_of(self._code, title, releases=releases, people=people, said=favourable),
        )


def _all_but_tells(people: tuple[int, int], favourable: tuple[int, int]) -> bool:
    return people[0] == people[1] and is_extreme(favourable[0], people[0])


def _of_counts(
    code: str, results: Sequence[QuestionResult | None], *, k: int
) -> Iterator[Revealed]:
    """What two releases of a question that is only counted tell of those who came between."""
    counts: list[tuple[int, ChoiceCounts]] = [
        (place, result.counts)
        for place, result in enumerate(results, start=1)
        if result is not None and not result.held and result.counts is not None
        if result.counts.answered is not None
    ]
    for (first, before), (last, after) in combinations(counts, 2):
        people = (after.answered or 0) - (before.answered or 0)
        if people <= 0:
            continue
        earlier = {option.option: option.count for option in before.options}
        for option in after.options:
            chosen = earlier.get(option.option)
            if option.count is None or chosen is None:
                continue
            more = option.count - chosen
            if people < k or more >= people - 1:
                yield Revealed(
                    releases=(first, last),
                    question=code,
                    group=EVERYBODY.name,
                    people=(people, people),
                    favourable=(more, more),
                    words=f"{code}, between results {first} and {last}: of the "
                    f"{people_text((people, people))} who came, {more} chose “{option.label}”.",
                )


def _of_signposts(rounds: Sequence[_Released]) -> Iterator[Revealed]:
    """What people for and against a signpost tell of fewer than k who came between two releases."""
    for (first, before), (last, after) in combinations(enumerate(rounds, start=1), 2):
        people = after.answered - before.answered
        if not 0 < people < max(before.settings.k, after.settings.k):
            continue
        earlier = {signpost.code: signpost for signpost in before.summary.signposts}
        for signpost in after.summary.signposts:
            was = earlier.get(signpost.code)
            questions = [question for topic in signpost.topics for question in topic.questions]
            if was is None or all(question.held for question in questions):
                continue
            for side, now, then in (
                ("mostly favourable", signpost.mostly_favourable, was.mostly_favourable),
                ("mostly unfavourable", signpost.mostly_unfavourable, was.mostly_unfavourable),
            ):
                if now is not None and then is not None:
                    more = now - then
                    yield Revealed(
                        releases=(first, last),
                        question=signpost.code,
                        group=EVERYBODY.name,
                        people=(0, people),
                        favourable=(more, more),
                        words=f"{signpost.code}, between results {first} and {last}: of the "
                        f"{people_text((people, people))} who came, {more} were {side}.",
                    )


def _title(name: GroupName, settings: AnalysisSettings) -> str:
    """What a group is called in the words of an audit."""
    if name == EVERYBODY:
        return "everybody"
    if name.kind is GroupKind.LEVEL:
        return LEVEL_GROUP_TITLES[Level(name.name)]
    return settings.group_titles[name.name]
