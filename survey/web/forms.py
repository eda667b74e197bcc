"""What managers post, read into values, with what is wrong as (field, message)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Problems = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SignInForm:
    """An e-mail address and a password."""

    email: str = ""
    password: str = field(default="", repr=False)
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


@dataclass(frozen=True)
class PasswordForm:
    """The old password, and the new one typed once: it can be shown while typing."""

    current: str = field(default="", repr=False)
    new: str = field(default="", repr=False)
    problems: Problems = ()

    def message(self, name: str) -> str | None:
        """What is wrong with one field, or None."""
        return message_of(self.problems, name)


def message_of(problems: Problems, name: str) -> str | None:
    """The first message for a field, or None."""
    return next((message for target, message in problems if target == name), None)


def read_sign_in(posted: Mapping[str, str]) -> SignInForm:
    """The sign-in form as posted."""
    email, password = posted.get("email", "").strip(), posted.get("password", "")
    problems = []
    if not email:
        problems.append(("email", "Enter your e-mail address"))
    if not password:
        problems.append(("password", "Enter your password"))
    return SignInForm(email=email[:254], password=password, problems=tuple(problems))


def read_password(posted: Mapping[str, str]) -> PasswordForm:
    """The form to change a password as posted."""
    current, new = posted.get("current", ""), posted.get("new", "")
    problems = []
    if not current:
        problems.append(("current", "Enter your current password"))
    if not new:
        problems.append(("new", "Enter a new password"))
    return PasswordForm(current=current, new=new, problems=tuple(problems))
