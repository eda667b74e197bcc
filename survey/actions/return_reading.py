"""Reading a return as a council's review team may: as last signed, with the council's own scores.

Of what the agency tells other councils only, nothing is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from question_banks.bank import Bank, ScaleQuestion
from survey.actions.returns import local_of
from survey.actions.returns_path import Part, Section, sections
from survey.actions.returns_rules import Said
from survey.data import return_evidence, return_scores, returns, round_returns
from survey.data.banks import get_bank
from survey.data.models import Round
from survey.data.return_evidence import ReturnEvidence
from survey.data.return_scores import ModeratedScore
from survey.data.round_returns import RoundReturn, SignedAnswer
from survey.errors import NotFound

PARTS_OF_PLAN = ("evidence", "action", "owner", "date", "reason")
"""A bank that asks for a plan names these after the rating: `<rating>_action` and so on."""


@dataclass(frozen=True)
class SignedReturn:
    """A signed return as one council reads it.

    `answers` are by round (None in the core) and question. `scores` are those in force, and
    `told` every score ever given, by question. `evidence` holds removed pieces too.
    """

    given: RoundReturn
    parts: tuple[Part, ...]
    sections: tuple[Section, ...]
    answers: Mapping[tuple[str | None, str], SignedAnswer]
    scores: Mapping[str, ModeratedScore]
    told: Mapping[str, Sequence[ModeratedScore]]
    evidence: tuple[ReturnEvidence, ...]

    def part(self, round_id: str | None) -> Part:
        """The core, or the round's own questions. Raises NotFound."""
        for part in self.parts:
            if part.round_id == round_id:
                return part
        raise NotFound("This return has no such part.")

    def section(self, code: str) -> Section:
        """The section with that code. Raises NotFound."""
        for section in self.sections:
            if section.code == code:
                return section
        raise NotFound("This return has no such section.")

    def find(self, code: str) -> tuple[Section, Bank]:
        """The section that asks a question, and its bank. Raises NotFound."""
        for section in self.sections:
            for page in section.pages:
                if any(question.code == code for question in page.questions):
                    return section, self.part(section.round_id).bank
        raise NotFound("This return has no such question.")

    def ratings(self, section: Section) -> list[ScaleQuestion]:
        """The questions of a section that are answered on a scale, in order."""
        return [
            question
            for page in section.pages
            for question in page.questions
            if isinstance(question, ScaleQuestion)
        ]


def read(session: Session, given: RoundReturn, *, round_: Round) -> SignedReturn:
    """A return as it was last signed. Raises NotFound where it never was."""
    if given.signed is None:
        raise NotFound("This return has not been signed, so it is the agency's alone.")
    id_ = given.return_id
    core = returns.get_core_bank(session, return_id=id_, digest=given.bank_digest)
    parts = [Part(core)]
    added = local_of(get_bank(session, round_id=round_.id, digest=round_.bank_digest))
    if added is not None:
        parts.append(Part(added, round_id=round_.id, title="Questions you added"))
    answers = {
        (answer.round_id, answer.question): answer
        for answer in round_returns.list_signed_answers(
            session, round_id=round_.id, return_ids=[id_]
        )
    }
    told: dict[str, list[ModeratedScore]] = {}
    for score in return_scores.list_scores(session, round_id=round_.id, return_id=id_):
        told.setdefault(score.question, []).append(score)
    evidence = return_evidence.list_evidence(
        session, return_id=id_, round_ids=[round_.id], with_removed=True
    )
    signed_at = given.signed.at
    return SignedReturn(
        given=given,
        parts=tuple(parts),
        sections=tuple(
            section for part in parts for section in sections(part, _said(answers, part.round_id))
        ),
        answers=answers,
        scores={code: all_[-1] for code, all_ in told.items() if all_[-1].option},
        told=told,
        evidence=tuple(
            row
            for row in evidence
            if row.at_utc <= signed_at
            and (row.removed_at_utc is None or row.removed_at_utc > signed_at)
        ),
    )


def _said(
    answers: Mapping[tuple[str | None, str], SignedAnswer], round_id: str | None
) -> dict[str, Said]:
    return {
        code: Said(answer.value, answer.not_applicable)
        for (of_round, code), answer in answers.items()
        if of_round == round_id
    }


def get_signed_file(
    session: Session, given: RoundReturn, *, round_id: str, evidence_id: str
) -> ReturnEvidence:
    """A file of a signed return, for its council. Raises NotFound for any other."""
    if given.signed is None:
        raise NotFound("This return has not been signed, so it is the agency's alone.")
    row = return_evidence.get_evidence(
        session, return_id=given.return_id, evidence_id=evidence_id, round_ids=[round_id]
    )
    if row.at_utc > given.signed.at:
        raise NotFound("This evidence was given after the return was signed.")
    return row
