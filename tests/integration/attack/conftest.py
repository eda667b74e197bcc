"""A respondent with an open round, as in the tests of a respondent's journey."""

from __future__ import annotations

from tests.integration.respond.conftest import at_now, open_round, visitor

__all__ = ["at_now", "open_round", "visitor"]
