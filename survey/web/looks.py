"""Whose page this is: the council's name, colour and contact, kept for the frame of the page.

What loads a round or an invitation says whose it is. The frame asks here, and never the database,
so that a page costs no more for it and a page of errors can be shown in any case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from flask import Flask, g

from survey.data.invitations import InvitedPerson
from survey.data.open_links import OpenDoor


@dataclass(frozen=True)
class Look:
    """What the frame of a page shows of a council. `colour` is six hexadecimal digits, or ""."""

    name: str
    colour: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_telephone: str = ""
    website: str = ""
    privacy_contact: str = ""

    @property
    def has_contact(self) -> bool:
        """Whether there is anything to put at the foot of the page."""
        return any(
            (
                self.contact_name,
                self.contact_email,
                self.contact_telephone,
                self.website,
                self.privacy_contact,
            )
        )


class HasLook(Protocol):
    """A council, or what one would be given, as far as it is shown."""

    @property
    def name(self) -> str: ...
    @property
    def colour(self) -> str: ...
    @property
    def contact_name(self) -> str: ...
    @property
    def contact_email(self) -> str: ...
    @property
    def contact_telephone(self) -> str: ...
    @property
    def website(self) -> str: ...
    @property
    def privacy_contact(self) -> str: ...


def init_app(app: Flask) -> None:
    """Lets templates ask whose page they are."""
    app.jinja_env.globals["council_look"] = council_look


def council_look() -> Look | None:
    """The look of the council whose page this is, or None where it is nobody's."""
    found: Look | None = g.get("council_look")
    return found


def remember(council: HasLook) -> None:
    """Says that this page is a council's."""
    g.council_look = Look(
        name=council.name,
        colour=council.colour.removeprefix("#"),
        contact_name=council.contact_name,
        contact_email=council.contact_email,
        contact_telephone=council.contact_telephone,
        website=council.website,
        privacy_contact=council.privacy_contact,
    )


def remember_person(person: InvitedPerson | OpenDoor) -> None:
    """Says that this page is of the council that invited somebody, or their agency."""
    g.council_look = Look(
        name=person.council,
        colour=person.council_colour.removeprefix("#"),
        contact_name=person.council_contact_name,
        contact_email=person.council_contact_email,
        contact_telephone=person.council_contact_telephone,
        website=person.council_website,
        privacy_contact=person.council_privacy_contact,
    )
