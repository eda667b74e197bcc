"""The questionnaire as a respondent will meet it, at any level, with nothing saved.

The pages are the respondent's own, made from the round's present copy of its bank for an invitation
that does not exist. Their addresses are turned into those of the preview: a page that is previewed
has the same path below `/manage/<slug>/preview/<level>` as below `/q/<public id>`.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from flask import redirect, render_template, request, url_for

from question_banks.answers import parse_form
from question_banks.bank import LEVEL_HINTS, LEVEL_TITLES, Bank, Level, in_language
from question_banks.duration import minutes_to_answer
from question_banks.local import without_rules
from question_banks.path import Page as BankPage
from question_banks.path import find_page, next_page, pages
from survey.clock import now
from survey.data.invitations import InvitedPerson
from survey.data.rounds import RoundOfCouncil
from survey.errors import NotFound
from survey.web import presenters_rounds, respond_pages, round_pages
from survey.web.access import Role, needs
from survey.web.presenters_setup import Option, count_of
from survey.web.question_form import question_page
from survey.web.respond_pages import blank_page, check_page, hub_page, level_page, start_page
from survey.web.setup_pages import Page, setup

NOBODY = "PREVIEW"
"""The public id of nobody: those of invitations have six characters."""
AGENCY = "An agency"
NOT_ENTERED = "(not entered yet)"


@setup.get("/<slug>/preview", endpoint="preview")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def choose_level(slug: str) -> Page:
    """Asks at which level to look at the questionnaire."""
    item = round_pages.load(slug)
    bank = round_pages.bank_of(item)
    levels = [
        Option(
            level,
            LEVEL_TITLES[level],
            f"{_size(bank, level)}. {LEVEL_HINTS[level]}.",
        )
        for level in Level
    ]
    return render_template(
        "setup/preview.html",
        head=presenters_rounds.head(item, now=now()),
        bank_title=in_language(bank.title),
        levels=levels,
    )


def _size(bank: Bank, level: Level) -> str:
    asked = sum(len(page.questions) for page in pages(bank, level=level, answers={}))
    minutes = minutes_to_answer(bank, level)
    return f"{count_of(asked, 'question')}, about {count_of(minutes, 'minute')}"


@setup.get("/<slug>/preview/<level>/", endpoint="preview_start")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def preview_start(slug: str, level: str) -> Page:
    """The start page."""
    item, bank, person = _open(slug, level)
    view = replace(start_page(person, bank), has_begun=False)
    return _shown("respond/start.html", item, level, page=view)


@setup.get("/<slug>/preview/<level>/<part>", endpoint="preview_part")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def preview_part(slug: str, level: str, part: str) -> Page:
    """The other pages that are not questions."""
    item, bank, person = _open(slug, level)
    views: dict[str, Any] = {
        "level": lambda: level_page(person),
        "signposts": lambda: hub_page(person, bank),
        "check": lambda: check_page(person, bank),
        "blank": lambda: blank_page(
            person, bank, level=_level_asked(level), large=request.args.get("size") == "large"
        ),
        "sheet": lambda: start_page(person, bank),
        "sent": lambda: respond_pages.person_page(person),
    }
    if part == "saved":
        # How to come back is a link and a code, which belong to an invitation.
        return redirect(url_for("setup.preview_part", slug=slug, level=level, part="signposts"))
    if part not in views:
        raise NotFound("There is no such page in a questionnaire.")
    return _shown(
        f"respond/{part}.html",
        item,
        level,
        page=views[part](),
        large=request.args.get("size") == "large",
        waiting=0,
    )


def _level_asked(level: str) -> Level | None:
    asked = request.args.get("level", level)
    return Level(asked) if asked in set(Level) else None


@setup.post("/<slug>/preview/<level>/<part>")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def go_on(slug: str, level: str, part: str) -> Page:
    """Goes on from the choice of level, and from the check. Nothing is kept or sent."""
    _open(slug, level)
    chosen = request.form.get("level", level)
    following = {"level": "signposts", "check": "sent"}.get(part)
    if following is None:
        return redirect(url_for("setup.preview", slug=slug))
    if chosen not in set(Level):
        chosen = level
    return redirect(url_for("setup.preview_part", slug=slug, level=chosen, part=following))


@setup.get("/<slug>/preview/<level>/page/<key>", endpoint="preview_page")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def preview_page(slug: str, level: str, key: str) -> Page:
    """One page of questions."""
    item, bank, person = _open(slug, level)
    view = question_page(person, bank, _page_of(bank, level, key), answers={})
    return _shown("respond/page.html", item, level, page=view)


@setup.post("/<slug>/preview/<level>/page/<key>")
@needs(Role.REVIEW_MANAGER, Role.COUNCIL_OFFICER)
def try_page(slug: str, level: str, key: str) -> Page:
    """Checks a page as a respondent's is checked, and goes on. What was entered is not kept."""
    item, bank, person = _open(slug, level)
    shown = _page_of(bank, level, key)
    posted = request.form.to_dict(flat=False)
    errors = [
        error for question in shown.questions for error in parse_form(bank, question, posted).errors
    ]
    if errors:
        view = question_page(person, bank, shown, answers={}, posted=posted, errors=errors)
        return _shown("respond/page.html", item, level, page=view)
    following = next_page(pages(bank, level=Level(level), answers={}), shown)
    if following is None:
        return redirect(url_for("setup.preview_part", slug=slug, level=level, part="check"))
    return redirect(url_for("setup.preview_page", slug=slug, level=level, key=following.key))


def _open(slug: str, level: str) -> tuple[RoundOfCouncil, Bank, InvitedPerson]:
    """The round, its bank with every question asked, and somebody at that level."""
    item = round_pages.load(slug)
    if level not in set(Level):
        raise NotFound("There is no such level.")
    return item, without_rules(round_pages.bank_of(item)), _nobody(item, Level(level))


def _page_of(bank: Bank, level: str, key: str) -> BankPage:
    shown = find_page(pages(bank, level=Level(level), answers={}), key)
    if shown is None:
        raise NotFound("That page is not asked at this level.")
    return shown


def _nobody(item: RoundOfCouncil, level: Level) -> InvitedPerson:
    round_ = item.round
    # What pages show of the council: its name is one field, all others are called as theirs are.
    look: dict[str, Any] = {
        each.name: getattr(item.council, each.name.removeprefix("council_"))
        for each in fields(InvitedPerson)
        if each.name.startswith("council_")
    }
    return InvitedPerson(
        invitation_id=NOBODY,
        public_id=NOBODY,
        generation=1,
        is_revoked=False,
        has_submitted=False,
        agency_id=NOBODY,
        agency=AGENCY,
        council=item.council.name,
        round_id=round_.id,
        round_title=round_.title,
        bank_digest=round_.bank_digest,
        opens_at_utc=round_.opens_at_utc,
        closes_at_utc=round_.closes_at_utc,
        launched_at_utc=round_.launched_at_utc,
        closed_at_utc=None,
        withdrawn_at_utc=None,
        contact=round_.contact or NOT_ENTERED,
        urgent_contact=round_.urgent_contact or NOT_ENTERED,
        comments_checked_by=round_.comments_checked_by or NOT_ENTERED,
        level=level,
        answers={},
        **look,
    )


def _shown(template: str, item: RoundOfCouncil, level: str, **context: Any) -> str:
    """A respondent's page marked as a preview, with addresses of the preview."""
    slug = item.round.slug
    has_rules = without_rules(bank := round_pages.bank_of(item)) != bank
    html = render_template(
        "setup/previewed.html",
        template=template,
        head=presenters_rounds.head(item, now=now()),
        level=LEVEL_TITLES[Level(level)],
        has_rules=has_rules,
        **context,
    )
    theirs = url_for("respond.start", public_id=NOBODY)
    ours = url_for("setup.preview_start", slug=slug, level=level)
    return html.replace(f'"{theirs}', f'"{ours}')
