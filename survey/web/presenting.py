"""How values are written on pages: dates in London time, plain numbers."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask

LONDON = ZoneInfo("Europe/London")


def init_app(app: Flask) -> None:
    """Gives the filters to every template."""
    app.jinja_env.filters["date"] = long_date
    app.jinja_env.filters["date_time"] = date_time


def long_date(when: datetime) -> str:
    """A date in London, such as `3 March 2031`."""
    local = when.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}"


def date_time(when: datetime) -> str:
    """A time and date in London, such as `5pm on 3 March 2031` or `5:30pm on 3 March 2031`."""
    local = when.astimezone(LONDON)
    hour = local.hour % 12 or 12
    minutes = f":{local:%M}" if local.minute else ""
    half = "am" if local.hour < 12 else "pm"
    clock = {"12am": "midnight", "12pm": "midday"}.get(
        f"{hour}{minutes}{half}", f"{hour}{minutes}{half}"
    )
    return f"{clock} on {long_date(when)}"
