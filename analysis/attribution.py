"""Whom a comment may be attributed to: the smallest group around its writer shown in figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analysis.result import GroupKind, QuestionResult
from analysis.settings import COUNCIL, PARTNERS
from question_banks.bank import Sector


def group_titles(
    questions: Iterable[QuestionResult], *, settings: Mapping[str, object]
) -> dict[Sector, str]:
    """Sector to the smallest group of it that one of these questions shows in figures.

    A sector without such a group is left out: its few people would be recognised. `settings` is
    `Summary.settings`.
    """
    shown = {
        (group.kind, group.group): group.title
        for question in questions
        for group in question.groups
        if group.figures is not None
    }
    groups = settings.get("sector_groups")
    council = settings.get("council_sectors")
    titles: dict[Sector, str] = {}
    for sector in Sector:
        side = COUNCIL if isinstance(council, list) and sector in council else PARTNERS
        names = [(GroupKind.SIDE, side)]
        if isinstance(groups, dict):
            held = [name for name, sectors in groups.items() if sector in sectors]
            names = [(GroupKind.SECTOR_GROUP, name) for name in held] + names
        title = next((shown[name] for name in names if name in shown), None)
        if title is not None:
            titles[sector] = title
    return titles
