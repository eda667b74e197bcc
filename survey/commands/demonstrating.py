"""The demo's database: loading it once, throwing it away, and the three ways in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy.orm import Session

from survey.actions import anonymity
from survey.actions.invitations import Letter, list_letters
from survey.actions.passwords import new_password
from survey.commands import context
from survey.data.accounts import find_by_email
from survey.data.rounds import RoundOfCouncil, RoundState, get_round_by_slug, state_of
from survey.settings import Settings

QUEUE_FILE = "demo-jobs.db"
PASSWORD_FILE = "demo-password.txt"  # noqa: S105  # the name of a file, not a password
LOADED = "The demo has been loaded."
KEPT = (
    "The demo was loaded before; what has been entered since is kept "
    "(`make demo-reset` starts afresh)."
)


def reset(settings: Settings) -> str:
    """Deletes the demo's database and password; says what was deleted."""
    deleted = [path for path in _files(settings) if path.exists()]
    for path in deleted:
        path.unlink()
    if not deleted:
        return "There was no demo to delete."
    return f"Deleted the demo and everything entered in it ({deleted[0]})."


def _files(settings: Settings) -> list[Path]:
    database = context.database_file(settings)
    beside = [] if database is None else [database, database.with_name(QUEUE_FILE)]
    return [
        *(Path(f"{path}{end}") for path in beside for end in ("", "-wal", "-shm")),
        settings.instance / PASSWORD_FILE,
    ]


def load(settings: Settings, *, now: datetime, with_others: bool = True) -> str:
    """Migrates the demo's database and loads the demo if it is not there; says which it was.

    With others come the councils that share their rounds. All or nothing: when it is broken off,
    the next run loads it anew.
    """
    from survey.demo import loading

    context.migrate(settings)
    with context.open_engine(settings) as engine:
        with context.session_of(engine) as session:
            if loading.is_loaded(session):
                return KEPT
            password = new_password()
            loading.load(session, password=password, now=now, with_others=with_others)
            # Before the commit: a database whose password nobody knows would be of no use.
            context.write_private(settings.instance / PASSWORD_FILE, password + "\n")
            session.commit()
        anonymity.erase_traces(engine)
    return LOADED


def doors(settings: Settings, *, base_url: str, now: datetime) -> str:
    """The three things to click: a respondent's link, a printed code, the manager's sign-in."""
    from survey.demo import loading, returns, workspace

    with context.open_session(settings, reading=True) as session:
        found = get_round_by_slug(session, slug=loading.OPEN_SLUG)
        letters = list_letters(
            session,
            found,
            secret_key=settings.secret_key,
            base_url=base_url,
            unused_only=True,
        )
        manager = _manager_lines(session, settings, base_url)
    respondent = _respondent_lines(found, letters, base_url, now)
    lines = [f"Signpost is at {base_url} (stop it with Ctrl-C). Three ways in:", ""]
    more = [
        "",
        "The same first password is that of an agency’s lead and of the administrator:",
        f"     {returns.LEAD_EMAIL}",
        f"     {workspace.ADMINISTRATOR_EMAIL}",
        "",
        f"E-mails of the demo are not sent. Once signed in, read them at {base_url}/outbox",
    ]
    return "\n".join([*lines, *respondent, *manager, *more])


def _respondent_lines(
    found: RoundOfCouncil, letters: list[Letter], base_url: str, now: datetime
) -> list[str]:
    # People with a known post have begun already in the demo; the others' links are clean.
    clean = [letter for letter in letters if not letter.label]
    if state_of(found.round, now) is not RoundState.OPEN:
        reason = "the open round has been closed or its last day has passed"
    elif len(clean) < 2:
        reason = "every invitation has been used"
    else:
        first, last = clean[0], clean[-1]
        return [
            "1. Answer as a respondent, by a personal link:",
            f"     {first.link}",
            "",
            "2. Answer with a printed code:",
            f"     {last.code}   typed at {base_url}/code",
            "",
        ]
    return [f"1 and 2. Nobody can answer any more: {reason}. Try `make demo-reset`.", ""]


def _manager_lines(session: Session, settings: Settings, base_url: str) -> list[str]:
    from survey.demo import cast

    account = find_by_email(session, email=cast.MANAGER_EMAIL)
    path = settings.instance / PASSWORD_FILE
    password = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    if account is None or not _is_right(account.password_hash, password):
        shown = "the one you set (`signpost --demo reset-password` sets another)"
    else:
        shown = f"{password}   (kept in {path})"
    return [
        "3. Sign in as the review manager:",
        f"     {base_url}/sign-in",
        f"     {cast.MANAGER_EMAIL}",
        f"     password {shown}",
    ]


def _is_right(stored: str | None, password: str) -> bool:
    if stored is None:
        return False
    try:
        return PasswordHasher().verify(stored, password)
    except VerificationError:
        return False
