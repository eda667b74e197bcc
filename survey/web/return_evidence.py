"""Evidence of an agency return: the pages of an agency lead, and those of a contributor.

Each is at an address of its own; what they do is in `survey.web.return_evidence_pages`.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from survey.errors import RevokedInvitation, UnknownInvitation
from survey.web import access, return_evidence_pages, returns_pages
from survey.web.access import Role, needs
from survey.web.error_pages import typed
from survey.web.return_evidence_pages import Page
from survey.web.returns_actor import PartEnded, contributor, lead
from survey.web.sign_in import known_account

return_evidence = Blueprint("return_evidence", __name__, url_prefix="/returns/<return_id>")
contribute_evidence = Blueprint(
    "contribute_evidence", __name__, url_prefix="/contribute/<public_id>"
)

UPLOADS = frozenset({"return_evidence.add", "contribute_evidence.add"})


# These run before the form is read, and so before a file over the usual size is refused.
return_evidence.url_value_preprocessor(return_evidence_pages.allow_files(UPLOADS))
contribute_evidence.url_value_preprocessor(return_evidence_pages.allow_files(UPLOADS))


@return_evidence.context_processor
def _lead() -> dict[str, Any]:
    return {"signed_in_as": known_account(), "frame": "manage/layout.html"}


@contribute_evidence.context_processor
def _contributor() -> dict[str, Any]:
    return {"frame": "contribute/layout.html"}


contribute_evidence.register_error_handler(UnknownInvitation, returns_pages.no_such_link)
contribute_evidence.register_error_handler(RevokedInvitation, returns_pages.link_replaced)


@contribute_evidence.errorhandler(PartEnded)
def part_ended(error: PartEnded) -> tuple[str, int]:
    """Says kindly that somebody's part has ended, with what they had just written."""
    page = render_template(
        "contribute_evidence/ended.html", agency=error.item.agency, typed=typed()
    )
    return page, 410


@return_evidence.get("/evidence/<section>", endpoint="evidence")
@needs(Role.AGENCY_LEAD)
def show_evidence(return_id: str, section: str) -> Page:
    """The evidence of a section and of its questions."""
    return return_evidence_pages.show(lead(return_id), section)


@contribute_evidence.get("/evidence/<section>", endpoint="evidence")
@access.contributor
def show_shared_evidence(public_id: str, section: str) -> Page:
    """The evidence of a section that is shared."""
    return return_evidence_pages.show(contributor(public_id), section)


@return_evidence.get("/evidence/<section>/add", endpoint="ask")
@needs(Role.AGENCY_LEAD)
def ask(return_id: str, section: str) -> Page:
    """The form to give evidence."""
    return return_evidence_pages.ask(lead(return_id), section)


@contribute_evidence.get("/evidence/<section>/add", endpoint="ask")
@access.contributor
def ask_contributor(public_id: str, section: str) -> Page:
    """The form to give evidence for a section that is shared."""
    return return_evidence_pages.ask(contributor(public_id), section)


@return_evidence.post("/evidence/<section>/add", endpoint="add")
@needs(Role.AGENCY_LEAD)
def add(return_id: str, section: str) -> Page:
    """Keeps a piece of evidence."""
    return return_evidence_pages.add(lead(return_id), section)


@contribute_evidence.post("/evidence/<section>/add", endpoint="add")
@access.contributor
def add_shared(public_id: str, section: str) -> Page:
    """Keeps a piece of evidence for a section that is shared."""
    return return_evidence_pages.add(contributor(public_id), section)


@return_evidence.get("/evidence/<section>/<evidence_id>/file", endpoint="file")
@needs(Role.AGENCY_LEAD)
def download(return_id: str, section: str, evidence_id: str) -> Response:
    """A file, as a download."""
    return return_evidence_pages.download(lead(return_id), section, evidence_id)


@contribute_evidence.get("/evidence/<section>/<evidence_id>/file", endpoint="file")
@access.contributor
def download_shared(public_id: str, section: str, evidence_id: str) -> Response:
    """A file of a section that is shared, as a download."""
    return return_evidence_pages.download(contributor(public_id), section, evidence_id)


@return_evidence.get("/evidence/<section>/<evidence_id>/remove", endpoint="ask_to_remove")
@needs(Role.AGENCY_LEAD)
def ask_to_remove(return_id: str, section: str, evidence_id: str) -> Page:
    """Asks before evidence is removed."""
    return return_evidence_pages.ask_to_remove(lead(return_id), section, evidence_id)


@contribute_evidence.get("/evidence/<section>/<evidence_id>/remove", endpoint="ask_to_remove")
@access.contributor
def ask_contributor_to_remove(public_id: str, section: str, evidence_id: str) -> Page:
    """Asks before evidence of a section that is shared is removed."""
    return return_evidence_pages.ask_to_remove(contributor(public_id), section, evidence_id)


@return_evidence.post("/evidence/<section>/<evidence_id>/remove", endpoint="remove")
@needs(Role.AGENCY_LEAD)
def remove(return_id: str, section: str, evidence_id: str) -> Page:
    """Removes evidence; that it was there stays on record."""
    return return_evidence_pages.remove(lead(return_id), section, evidence_id)


@contribute_evidence.post("/evidence/<section>/<evidence_id>/remove", endpoint="remove")
@access.contributor
def remove_shared(public_id: str, section: str, evidence_id: str) -> Page:
    """Removes evidence of a section that is shared."""
    return return_evidence_pages.remove(contributor(public_id), section, evidence_id)
