"""What people post about accounts, read into values, with what is wrong as (field, message)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from survey.web.forms import Problems, message_of

NO_ADDRESS = "Enter an e-mail address in the correct format, like name@example.org"
LONGEST_NAME = 200
LONGEST_CONFLICTS = 4000


@dataclass(frozen=True)
class _Form:
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


@dataclass(frozen=True)
class CodeForm(_Form):
    """A code of a second factor."""

    code: str = field(default="", repr=False)


@dataclass(frozen=True)
class EmailForm(_Form):
    """An e-mail address alone."""

    email: str = ""


@dataclass(frozen=True)
class NewPasswordForm(_Form):
    """A new password, typed once: it can be shown while typing."""

    new: str = field(default="", repr=False)


@dataclass(frozen=True)
class InviteForm(_Form):
    """Whom to invite, and as what: a role and the id of what it is for."""

    name: str = ""
    email: str = ""
    role: str = ""


@dataclass(frozen=True)
class NameForm(_Form):
    """A name alone, or the name and the short name of a council."""

    name: str = ""
    slug: str = ""


@dataclass(frozen=True)
class ProgrammeForm(_Form):
    """A programme and the ids of its councils."""

    name: str = ""
    councils: tuple[str, ...] = ()


@dataclass(frozen=True)
class TeamForm(_Form):
    """Somebody on a team."""

    name: str = ""
    team_role: str = ""
    organisation: str = ""
    shadow: bool = False
    conflicts: str = ""


def read_code(posted: Mapping[str, str]) -> CodeForm:
    """The form for a code as posted."""
    code = posted.get("code", "").strip()[:100]
    return CodeForm(code=code, problems=() if code else (("code", "Enter a code"),))


def read_email(posted: Mapping[str, str]) -> EmailForm:
    """The form for an e-mail address as posted."""
    email = posted.get("email", "").strip()
    problems = (("email", message),) if (message := email_problem(email)) else ()
    return EmailForm(email=email[:254], problems=problems)


def read_new_password(posted: Mapping[str, str]) -> NewPasswordForm:
    """The form for a new password as posted."""
    new = posted.get("new", "")
    return NewPasswordForm(new=new, problems=() if new else (("new", "Enter a password"),))


def read_invitation(posted: Mapping[str, str], *, roles: Collection[str]) -> InviteForm:
    """The form to invite somebody as posted; `roles` are the values that may be chosen."""
    name, email = _line(posted, "name"), posted.get("email", "").strip()
    role = posted.get("role", "")
    problems = [*_name_problems("name", name, "Enter the person’s name")]
    if message := email_problem(email):
        problems.append(("email", message))
    if role not in roles:
        problems.append(("role", "Choose what the person may do"))
        role = ""
    return InviteForm(
        name=name[:LONGEST_NAME], email=email[:254], role=role, problems=tuple(problems)
    )


def read_name(posted: Mapping[str, str], *, missing: str) -> NameForm:
    """A form with a name as posted, and a short name where it has one."""
    name = _line(posted, "name")
    return NameForm(
        name=name[:LONGEST_NAME],
        slug=posted.get("slug", "").strip()[:60],
        problems=_name_problems("name", name, missing),
    )


def read_programme(posted: Mapping[str, str], *, councils: Collection[str]) -> ProgrammeForm:
    """The form of a programme as posted; `councils` are the ids that were ticked."""
    name = _line(posted, "name")
    return ProgrammeForm(
        name=name[:LONGEST_NAME],
        councils=tuple(councils),
        problems=_name_problems("name", name, "Enter the programme’s name"),
    )


def read_team(posted: Mapping[str, str]) -> TeamForm:
    """The form of somebody on a team as posted."""
    name = _line(posted, "name")
    conflicts = posted.get("conflicts", "").replace("\r\n", "\n").strip()
    problems = [*_name_problems("name", name, "Enter the person’s name")]
    for key, words in (("team_role", "role on the team"), ("organisation", "home organisation")):
        if len(_line(posted, key)) > LONGEST_NAME:
            problems.append((key, f"The {words} must be {LONGEST_NAME} characters or fewer"))
    if len(conflicts) > LONGEST_CONFLICTS:
        problems.append(
            ("conflicts", f"What was declared must be {LONGEST_CONFLICTS} characters or fewer")
        )
    return TeamForm(
        name=name,
        team_role=_line(posted, "team_role"),
        organisation=_line(posted, "organisation"),
        shadow=posted.get("shadow") == "yes",
        conflicts=conflicts,
        problems=tuple(problems),
    )


def email_problem(email: str) -> str | None:
    """What is wrong with an address at first sight; the action looks again."""
    if not email:
        return "Enter an e-mail address"
    _, at, host = email.partition("@")
    is_whole = bool(at) and "." in host.strip(".") and not any(c.isspace() for c in email)
    return None if is_whole and email.count("@") == 1 and len(email) <= 254 else NO_ADDRESS


def _line(posted: Mapping[str, str], name: str) -> str:
    return " ".join(posted.get(name, "").split())


def _name_problems(target: str, name: str, missing: str) -> Problems:
    if not name:
        return ((target, missing),)
    if len(name) > LONGEST_NAME:
        return ((target, f"The name must be {LONGEST_NAME} characters or fewer"),)
    return ()
