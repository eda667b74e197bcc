"""Who is signed in: what the session cookie says, checked against the session on record."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, g, request, session, url_for

from survey.actions import sign_ins
from survey.clock import now
from survey.data.accounts import Role
from survey.data.rounds import OF_ROUNDS
from survey.data.sign_ins import Scoped, find_signed
from survey.errors import NotFound
from survey.extensions import db
from survey.settings import SecondFactor, Settings
from survey.web.devices import device_words

CODE_SECONDS = 10 * 60
"""How long after the password a code is waited for."""


@dataclass(frozen=True)
class SignedIn:
    """Somebody signed in, as pages know them, with the session they are in."""

    id: str
    email: str
    name: str
    session_id: str
    has_second_factor: bool
    passed_second_factor: bool
    memberships: tuple[Scoped, ...]

    @property
    def roles(self) -> frozenset[Role]:
        """Every role they hold, for whatever it is."""
        return frozenset(one.role for one in self.memberships)

    def roles_for(self, *, council_id: str, review_id: str) -> frozenset[Role]:
        """The roles they hold for a review of a council, to choose which links to show.

        Which councils a programme has is not known here: its lead is offered what any lead is.
        """
        return frozenset(
            one.role
            for one in self.memberships
            if one.council_id == council_id or one.review_id == review_id or one.programme_id
        )

    @property
    def has_rounds(self) -> bool:
        """Whether the list of rounds is a page for them, as it is for somebody without a role."""
        return not self.roles or bool(self.roles & OF_ROUNDS)

    @property
    def runs_things(self) -> bool:
        """Whether they hold a role that a second factor may be required for."""
        return bool(self.roles & {Role.ADMINISTRATOR, Role.REVIEW_MANAGER})

    @property
    def must_set_up_second_factor(self) -> bool:
        """Whether they have to set up a second factor before anything else.

        Somebody who proved twice who they are at another provider has one there.
        """
        return (
            settings().second_factor is SecondFactor.REQUIRED
            and self.runs_things
            and not self.has_second_factor
            and not self.passed_second_factor
        )


def settings() -> Settings:
    """The settings this application was made with."""
    found: Settings = current_app.extensions["signpost_settings"]
    return found


def current_account() -> SignedIn | None:
    """Who is signed in, or None. Asked of the database once per request.

    A session that was ended, or is older than the password, is nobody's.
    """
    if "signed_in" not in g:
        g.signed_in = _load()
    found: SignedIn | None = g.signed_in
    return found


def known_account() -> SignedIn | None:
    """Who is signed in, if this request has asked already: a page of errors must ask nothing."""
    found: SignedIn | None = g.get("signed_in")
    return found


def require_account() -> SignedIn:
    """Who is signed in, on a page that only they can open. Raises NotFound otherwise."""
    account = current_account()
    if account is None:
        raise NotFound("Nobody is signed in.")
    return account


def start_session(*, account_id: str, passed_second_factor: bool = False) -> None:
    """Signs somebody in. Whatever the session held before is thrown away, its form tokens too.

    The caller commits.
    """
    started = sign_ins.start(
        db.session(),
        account_id=account_id,
        device=device_words(request.user_agent.string),
        passed_second_factor=passed_second_factor,
        now=now(),
    )
    session.clear()
    session.permanent = True
    session["session_id"] = started.id
    g.pop("signed_in", None)


@dataclass(frozen=True)
class Awaited:
    """Somebody whose password was right and who has yet to give a code."""

    account_id: str
    generation: int
    target: str | None


def await_code(*, account_id: str, generation: int, target: str | None) -> None:
    """Keeps in the browser's signed session that only the second factor is wanting."""
    session.clear()
    session.permanent = True
    session["awaited"] = [account_id, generation, target, int(now().timestamp())]


def awaited() -> Awaited | None:
    """Who has yet to give a code in this browser, or None when nobody or it took too long."""
    kept = session.get("awaited")
    if not isinstance(kept, list) or len(kept) != 4:
        return None
    account_id, generation, target, since = kept
    if now().timestamp() - since > CODE_SECONDS:
        return None
    return Awaited(account_id, generation, local_path(target))


def home() -> str:
    """The path of the page that somebody who has just signed in starts on."""
    account = current_account()
    if account is None or account.has_rounds:
        return url_for("manage.rounds")
    if Role.ADMINISTRATOR in account.roles:
        return url_for("admin.people")
    return url_for("returns.own")


def end_session() -> None:
    """Forgets everything this browser's session held."""
    session.clear()
    g.pop("signed_in", None)


def local_path(target: str | None) -> str | None:
    """`target`, when it is a path of this site and nothing else; otherwise None.

    >>> local_path("/manage/rounds?page=2"), local_path("//example.org"), local_path("/\\\\evil")
    ('/manage/rounds?page=2', None, None)
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(character) < 32 for character in target):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None


def _load() -> SignedIn | None:
    session_id = session.get("session_id")
    if not isinstance(session_id, str):
        return None
    at = now()
    found = find_signed(db.session(), session_id=session_id, since=at - sign_ins.LONGEST)
    if found is None:
        return None
    if request.method == "POST":
        sign_ins.note_use(db.session(), session_id=found.session_id, seen_at=found.seen_at, now=at)
    return SignedIn(
        id=found.account_id,
        email=found.email,
        name=found.name,
        session_id=found.session_id,
        has_second_factor=found.has_second_factor,
        passed_second_factor=found.passed_second_factor,
        memberships=found.memberships,
    )
