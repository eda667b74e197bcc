"""What changed from one text to another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from survey.web.word_changes import MOST_WORDS, Change, Piece, word_changes


def test_changed_word_is_removed_and_added() -> None:
    assert word_changes("Two nurses came", "Three nurses came") == (
        Piece(Change.REMOVED, "Two "),
        Piece(Change.ADDED, "Three "),
        Piece(Change.SAME, "nurses came"),
    )


def test_same_text_is_one_piece() -> None:
    assert word_changes("as before", "as before") == (Piece(Change.SAME, "as before"),)


def test_empty_texts_have_no_pieces() -> None:
    assert word_changes("", "") == ()
    assert word_changes("", "new") == (Piece(Change.ADDED, "new"),)
    assert word_changes("old", "") == (Piece(Change.REMOVED, "old"),)


def test_very_long_texts_are_shown_whole() -> None:
    before, after = "a " * MOST_WORDS, "a " * MOST_WORDS + "b"

    assert [piece.change for piece in word_changes(before, after)] == [
        Change.REMOVED,
        Change.ADDED,
    ]


@given(st.text(alphabet="ab \n", max_size=40), st.text(alphabet="ab \n", max_size=40))
def test_pieces_join_to_both_texts(before: str, after: str) -> None:
    pieces = word_changes(before, after)

    assert "".join(p.text for p in pieces if p.change is not Change.ADDED) == before
    assert "".join(p.text for p in pieces if p.change is not Change.REMOVED) == after
