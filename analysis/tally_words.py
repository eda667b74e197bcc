"""The words in which a tally says that a question has no answer."""

from __future__ import annotations

from typing import Final

SKIPPED: Final = "_skipped"
"""People who were shown the question and left it."""
NOT_SHOWN: Final = "_not_shown"
"""People who were routed past the question, or whose level is not asked it."""
ANSWERED: Final = "_answered"
"""People who answered a question that has no single option: choices, a ranking, number or date."""
