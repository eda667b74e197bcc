"""Last round's answers offered to an agency: each to be confirmed or changed.

Only answers to questions that were asked before, in the same words or reworded, with the same
answers to choose from. A carried answer is a version like any other but marked, and counts as
missing until somebody confirms or changes it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from question_banks.bank import Bank, Question
from question_banks.lineage import Verdict, compare_banks
from survey.actions.returns_rules import Writer
from survey.data import audit, return_earlier, returns, returns_versions
from survey.data.audit import AuditAction
from survey.data.return_earlier import EarlierReturn
from survey.data.returns import ReturnItem
from survey.data.returns_versions import StoredVersion
from survey.errors import NotAllowedNow

OFFERED = frozenset({Verdict.SAME, Verdict.REWORDED})


@dataclass(frozen=True)
class Offer:
    """An earlier answer that may stand again: the question then and now, and what was said."""

    before: Question
    after: Question
    is_reworded: bool
    version: StoredVersion


@dataclass(frozen=True)
class Offered:
    """What an agency's earlier return offers to a new one."""

    earlier: EarlierReturn
    bank: Bank
    """The bank of the earlier return."""
    offers: tuple[Offer, ...]


def list_offers(
    before: Bank, after: Bank, versions: Collection[StoredVersion]
) -> tuple[Offer, ...]:
    """The earlier answers of a core that can be offered, in the order asked now."""
    said = {
        version.question: version
        for version in versions
        if version.round_id is None
        and (version.value not in (None, "", []) or version.not_applicable)
    }
    found = []
    for lineage in compare_banks(before, after):
        if lineage.verdict not in OFFERED or lineage.before not in said:
            continue
        found.append(
            Offer(
                before=before.by_code[lineage.before],
                after=after.by_code[lineage.after],
                is_reworded=lineage.verdict is Verdict.REWORDED,
                version=said[lineage.before],
            )
        )
    return tuple(found)


def find_offered(session: Session, item: ReturnItem) -> Offered | None:
    """What the agency's last signed return from the same bank offers; None without one."""
    earlier = return_earlier.find_earlier(
        session,
        return_id=item.id,
        agency_id=item.agency_id,
        bank=item.bank_id.partition("@")[0],
        before=item.started_at,
    )
    if earlier is None:
        return None
    before = returns.get_core_bank(session, return_id=earlier.id, digest=earlier.bank_digest)
    after = returns.get_core_bank(session, return_id=item.id, digest=item.bank_digest)
    versions = return_earlier.list_signed_versions(session, return_id=earlier.id)
    return Offered(earlier, before, list_offers(before, after, versions))


def carry_over(session: Session, item: ReturnItem, *, writer: Writer, now: datetime) -> int:
    """Puts the offered answers where nobody has answered yet; how many.

    Twice does no more than once. Raises NotAllowedNow where the return takes no answers now.
    """
    held = returns.lock_return(session, return_id=item.id)
    if not held.may_be_written(now):
        raise NotAllowedNow("This return takes no answers now.")
    offered = find_offered(session, held)
    if offered is None:
        return 0
    answered = {
        version.question
        for version in returns_versions.list_newest(session, return_id=item.id)
        if version.round_id is None
    }
    carried = [one for one in offered.offers if one.after.code not in answered]
    for offer in carried:
        returns_versions.add_version(
            session,
            return_id=item.id,
            round_id=None,
            question=offer.after.code,
            number=1,
            value=offer.version.value,
            not_applicable=offer.version.not_applicable,
            name=writer.name,
            account_id=writer.account_id,
            contributor_id=writer.contributor_id,
            now=now,
            carried_from=offer.version.id,
        )
    if carried:
        for council_id in sorted({round_.council_id for round_ in held.rounds}):
            audit.record(
                session,
                action=AuditAction.RETURN_CARRIED,
                at=now,
                account_id=writer.account_id,
                council_id=council_id,
                detail={"agency": held.agency, "answers": len(carried)},
            )
    return len(carried)


def confirm(
    session: Session,
    item: ReturnItem,
    *,
    seen: Mapping[str, int],
    writer: Writer,
    now: datetime,
) -> int:
    """Confirms carried answers that still stand; how many.

    `seen` is question code to the number of the version that was shown: one that somebody changed
    since is left as they changed it. Raises NotAllowedNow where the return takes no answers now.
    """
    held = returns.lock_return(session, return_id=item.id)
    if not held.may_be_written(now):
        raise NotAllowedNow("This return takes no answers now.")
    confirmed = 0
    for version in returns_versions.list_newest(session, return_id=item.id):
        is_meant = version.round_id is None and seen.get(version.question) == version.number
        if not is_meant or version.carried_from is None:
            continue
        returns_versions.add_version(
            session,
            return_id=item.id,
            round_id=None,
            question=version.question,
            number=version.number + 1,
            value=version.value,
            not_applicable=version.not_applicable,
            name=writer.name,
            account_id=writer.account_id,
            contributor_id=writer.contributor_id,
            now=now,
        )
        confirmed += 1
    return confirmed
