"""What is said to readers of a release after another. Loads nothing that counts."""

from __future__ import annotations


def held_caveat(*, updated: int, held: int) -> str:
    """Said with a result of which some questions are held."""
    questions = "1 question is" if held == 1 else f"{held} questions are"
    new = "1 question has" if updated == 1 else f"{updated} questions have"
    return (
        f"{new} new figures. {questions} shown as in the snapshot before, because too few people "
        "have answered since to show what they said."
    )


def lessened_caveat(questions: int) -> str:
    """Said where questions have new figures, and show less than they might alone."""
    which = "1 question is" if questions == 1 else f"{questions} questions are"
    return (
        f"{which} shown with fewer groups, or without the figures that weigh agencies equally, "
        "because all of it beside the snapshot before would show what a few people said."
    )
