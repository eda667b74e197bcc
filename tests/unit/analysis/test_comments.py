"""Comments: what is flagged, what is left alone, and what redaction leaves.

Everybody and everything in these comments is invented. Phone numbers, domains and NHS numbers are
of the ranges kept for examples; the postcode areas do not exist.
"""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.comments import (
    DETAILS_MARK,
    JOB_TITLE_MARK,
    KIND_TITLES,
    NAME_MARK,
    Flag,
    FlagKind,
    flag,
    redact,
)

NAMES = ("Rowan Oakapple", "Cllr Élodie Marsh", "Will Price", "Jo Li", "نور الخطيب", "Dr")

# Comment, and the words that should be flagged with their kind, in order.
FLAGGED: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "e-mail": (
        "Write to help.desk+new@children.example.org, please.",
        [("email", "help.desk+new@children.example.org")],
    ),
    "e-mail hidden": (
        "It is desk [at] carr.example, desk(at)carr dot example or desk at carr dot example",
        [
            ("email", "desk [at] carr.example"),
            ("email", "desk(at)carr dot example"),
            ("email", "desk at carr dot example"),
        ],
    ),
    "web address": (
        "See https://example.org/a?b=1. Also www.example.test and carr.example.co.uk/page, new.",
        [
            ("url", "https://example.org/a?b=1"),
            ("url", "www.example.test"),
            ("url", "carr.example.co.uk/page"),
        ],
    ),
    "phones": (
        "Ring 01632 960123, 07700 900 456, (01632) 960-001 or +44 1632 960002; 0044 1632 960003.",
        [
            ("phone", "01632 960123"),
            ("phone", "07700 900 456"),
            ("phone", "(01632) 960-001"),
            ("phone", "+44 1632 960002"),
            ("phone", "0044 1632 960003"),
        ],
    ),
    "short phones": (
        "The desk is on ext. 4321 or tel 960123",
        [("phone", "4321"), ("phone", "960123")],
    ),
    "postcodes": (
        "They live at 4 Nowhere Lane, QX1 2AB; before that it was vx99 9zz",
        [("postcode", "QX1 2AB"), ("postcode", "vx99 9zz")],
    ),
    "NHS numbers": (
        "NHS number 999 000 0018, also written 9990000026 or 999-000-0034",
        [
            ("nhs_number", "999 000 0018"),
            ("nhs_number", "9990000026"),
            ("nhs_number", "999-000-0034"),
        ],
    ),
    "National Insurance": (
        "His NI is QQ 12 34 56 C, or qq123456c",
        [("ni_number", "QQ 12 34 56 C"), ("ni_number", "qq123456c")],
    ),
    "vehicles": (
        "A van QI12 ZQI was outside, before that Q123 IIQ, and a car reg qi71 zzz",
        [("vehicle", "QI12 ZQI"), ("vehicle", "Q123 IIQ"), ("vehicle", "qi71 zzz")],
    ),
    "date of birth": (
        "DOB 12/03/2014; born on 3 May; date of birth: 1.2.14; born in 2009; d.o.b. 5th June 2011",
        [
            ("date_of_birth", "12/03/2014"),
            ("date_of_birth", "3 May"),
            ("date_of_birth", "1.2.14"),
            ("date_of_birth", "2009"),
            ("date_of_birth", "5th June 2011"),
        ],
    ),
    "full dates": (
        "It was on 5th March 2024, 05/03/24, 2024-03-05, March 5, 2024 or 5.3.2024.",
        [
            ("date", "5th March 2024"),
            ("date", "05/03/24"),
            ("date", "2024-03-05"),
            ("date", "March 5, 2024"),
            ("date", "5.3.2024"),
        ],
    ),
    "references": (
        "Case 12345, ref: AB/2041/7, crime no. 42/98765/24, log 0557, file QZ7788123 and 445566778",
        [
            ("reference", "12345"),
            ("reference", "AB/2041/7"),
            ("reference", "42/98765/24"),
            ("reference", "0557"),
            ("reference", "QZ7788123"),
            ("reference", "445566778"),
        ],
    ),
    "collar number": ("PC 4321 came late", [("reference", "4321")]),
    "titles": (
        "Mrs Oakapple told DS O'Larch, Cllr. Van Elm and Dr J. K. Birch-Ash of Sgt Rowan's report",
        [
            ("name", "Mrs Oakapple"),
            ("name", "DS O'Larch"),
            ("name", "Cllr. Van Elm"),
            ("name", "Dr J. K. Birch-Ash"),
            ("name", "Sgt Rowan's"),
        ],
    ),
    "titles together": (
        "Dr and Mrs Larch, Mr/Mrs Elm, PC & DC Ash",
        [("name", "Dr and Mrs Larch"), ("name", "Mr/Mrs Elm"), ("name", "PC & DC Ash")],
    ),
    "small letters": ("mr larch and cllr elm", [("name", "mr larch"), ("name", "cllr elm")]),
    "particles": (
        "Ms van der Birch and Mr d'Elm agreed",
        [("name", "Ms van der Birch"), ("name", "Mr d'Elm")],
    ),
    "called": (
        "A boy called Rowan, her sister Hazel Elm, my name is Ash",
        [("name", "Rowan"), ("name", "Hazel Elm"), ("name", "Ash")],
    ),
    "listed name": (
        "I asked rowan oakapple. Oakapple said no, ROWAN said yes.",
        [("name", "rowan oakapple"), ("name", "Oakapple"), ("name", "ROWAN")],
    ),
    "listed name without accents": ("Elodie Marsh and élodie", [("name", "Elodie Marsh")]),
    "listed name that is a word": (
        "The team asked Price, and will price came.",
        [("name", "Price"), ("name", "will price")],
    ),
    "listed short name": ("Then Jo Li rang", [("name", "Jo Li")]),
    "listed name right to left": ("تحدثت مع نور الخطيب أمس", [("name", "نور الخطيب")]),
    "name after an emoji": ("😀👍🏽 thanks to Mrs Elm 😀", [("name", "Mrs Elm")]),
    "posts": (
        "the Director of Children’s Services, a headteacher and the designated doctor",
        [
            ("job_title", "Director of Children’s Services"),
            ("job_title", "headteacher"),
            ("job_title", "designated doctor"),
        ],
    ),
    "ages": (
        "A boy aged 7 and his 4-year-old sister; a six year old; turned 16; a 3 yo; 10 months old",
        [
            ("age", "aged 7"),
            ("age", "4-year-old"),
            ("age", "six year old"),
            ("age", "turned 16"),
            ("age", "3 yo"),
            ("age", "10 months old"),
        ],
    ),
    "age of somebody": (
        "She is 9 and he’s only 12.",
        [("age", "She is 9"), ("age", "he’s only 12")],
    ),
    "harm": (
        "She said her dad hit her and there were bruises",
        [("disclosure", "hit"), ("disclosure", "bruises")],
    ),
    "telling": (
        "A pupil told me that he is scared to go home",
        [("disclosure", "told me that he"), ("disclosure", "scared to go home")],
    ),
    "a step-parent": (
        "He told me his step-dad locks him in and beats him",
        [
            ("disclosure", "told me his step-dad"),
            ("disclosure", "locks him in"),
            ("disclosure", "beats"),
        ],
    ),
    "harm within a flagged age": (
        "a boy, 6 years old, slapped by a man",
        [("age", "6 years old"), ("disclosure", "slapped")],
    ),
}

CLEAN = [
    "We have 10 social workers, 250 cases and 60% of staff trained in 2023.",
    "Working Together 2023, Section 11, page 12 and paragraph 4.2.1 say so.",
    "The budget is £1,250,000, or £1250000, of which 12.5% is ours.",
    "Year 6 2nd group and Y6 1st group; KS2 and SEND were both asked.",
    "Children aged 5 to 11 and young people aged 16+ are seen; so are 3-5 year olds.",
    "We work with children aged 7 and with 16-year-olds.",
    "A 42-year-old system that is 25 years old. We are 20 minutes away.",
    "We hit our targets and hit the ground running. He was hit by cuts.",
    "The team is burnt out and nobody touched on it with them.",
    "Teams meet on 3 May each year, 24/7, from 9.30 to 5pm, and report in 2019-20 and 2023/24.",
    "MS Teams and the PC World laptops do not work. DS Manager is a new post.",
    "Head teachers should know. The headteachers' group and directors meet.",
    "A child called in need of help is seen; the plan named Early Help is good.",
    "We miss training. The sister agencies and mother and baby unit agree.",
    "In case 2023 brings more, the police 2024 plan is ready. Ref 12.",
    "We use Mosaic 12 and LCS 11.45; ref guide p. 123 and form CP12.",
    "Section 47 enquiries: 85% within 15 days in Q3 2023-24; target 90%. ILACS 2022.",
    "Ring 999 or 101. I would call 5 times. The phone is old.",
    "On a scale from 1 to 10 I'd say 8/10, up from 3-4.",
    "Will people read this? Price is not all. Marsh land.",
    "NHS staff were helpful, up by +999 1234 5678 somehow.",
    "We met at 9.30 at a hall. Look at it. Dot was there (at) 1 mile.",
    "What works well: early help; thresholds... information-sharing (mostly)!",
    "It's e.g. the MASH, i.e. the front door. etc.and so on",
    "",
    "   \n\n  ",
    "😀😀😀",
    "أعتقد أن العمل المشترك جيد",
]


@pytest.mark.parametrize("name", FLAGGED)
def test_comment_is_flagged(name: str) -> None:
    comment, expected = FLAGGED[name]

    found = [(one.kind.value, one.words) for one in flag(comment, names=NAMES)]

    assert found == expected


@pytest.mark.parametrize("comment", CLEAN)
def test_comment_is_left_alone(comment: str) -> None:
    assert flag(comment, names=NAMES) == ()


def test_nothing_is_found_for_an_empty_list_of_names() -> None:
    assert flag("Rowan Oakapple left", names=["", "Dr"]) == ()


def test_number_with_a_wrong_check_digit_is_no_nhs_number() -> None:
    kinds = {one.kind for one in flag("999 000 0019")}

    assert FlagKind.NHS_NUMBER not in kinds


def test_words_of_a_listed_name_in_two_sentences_are_two() -> None:
    found = [one.words for one in flag("It was Rowan. Oakapple was not there", names=NAMES)]

    assert found == ["Rowan", "Oakapple"]


def test_longer_listed_name_is_taken() -> None:
    found = flag("hazel elm birch", names=["Hazel Elm", "Hazel Elm Birch"])

    assert [one.words for one in found] == ["hazel elm birch"]


def test_flag_within_another_is_left_out() -> None:
    found = flag("rowan.oakapple@example.org", names=["Rowan Oakapple"])

    assert [one.kind for one in found] == [FlagKind.EMAIL]


def test_every_kind_has_a_title() -> None:
    assert set(KIND_TITLES) == set(FlagKind)


class TestRedact:
    def test_marks_say_what_was_there(self) -> None:
        comment = "Mrs Elm, the headteacher, is on 01632 960123."

        assert redact(comment, flag(comment)) == (
            f"{NAME_MARK}, the {JOB_TITLE_MARK}, is on {DETAILS_MARK}."
        )

    def test_disclosure_stays(self) -> None:
        comment = "She said dad hit her at QX1 2AB"

        assert redact(comment, flag(comment)) == f"She said dad hit her at {DETAILS_MARK}"

    def test_nothing_to_redact(self) -> None:
        assert redact("All is well", ()) == "All is well"
        assert redact("", ()) == ""

    @pytest.mark.parametrize(
        ("flags", "expected"),
        [
            pytest.param([(0, 3, "name"), (2, 7, "phone")], f"{DETAILS_MARK}def ghi", id="overlap"),
            pytest.param([(0, 7, "name"), (0, 3, "phone")], f"{NAME_MARK}def ghi", id="same start"),
            pytest.param([(0, 10, "date"), (2, 4, "name")], f"{DETAILS_MARK} ghi", id="within"),
            pytest.param([(0, 3, "name"), (4, 10, "name")], f"{NAME_MARK} ghi", id="side by side"),
            pytest.param(
                [(0, 3, "name"), (4, 10, "date")], f"{NAME_MARK} {DETAILS_MARK} ghi", id="two marks"
            ),
            pytest.param(
                [(0, 2, "name"), (4, 6, "name")], f"{NAME_MARK}c {NAME_MARK}cdef ghi", id="apart"
            ),
            pytest.param(
                [(11, 14, "other"), (0, 3, "job_title")],
                f"{JOB_TITLE_MARK} abcdef {DETAILS_MARK}",
                id="any order",
            ),
        ],
    )
    def test_flags_become_marks(self, flags: list[tuple[int, int, str]], expected: str) -> None:
        text = "abc abcdef ghi"
        made = [Flag(start, end, FlagKind(kind), text[start:end]) for start, end, kind in flags]

        assert redact(text, made) == expected

    @pytest.mark.parametrize(
        "wrong",
        [
            pytest.param(Flag(0, 3, FlagKind.NAME, "xyz"), id="other words"),
            pytest.param(Flag(-3, 0, FlagKind.NAME, ""), id="before the text"),
            pytest.param(Flag(2, 2, FlagKind.NAME, ""), id="nothing"),
            pytest.param(Flag(0, 9, FlagKind.NAME, "abc"), id="beyond the text"),
            pytest.param(Flag(0, 3, FlagKind.DISCLOSURE, "xyz"), id="disclosure too"),
        ],
    )
    def test_flag_of_another_text_is_refused(self, wrong: Flag) -> None:
        with pytest.raises(ValueError, match="another text"):
            redact("abc", [wrong])

    @given(st.text(max_size=300))
    def test_what_was_flagged_is_gone_and_the_rest_stays(self, text: str) -> None:
        comment = f"{text} QX1 2AB {text}"
        flags = flag(comment)

        redacted = redact(comment, flags)

        assert "QX1 2AB" not in redacted
        kept = [one for one in flags if one.kind is not FlagKind.DISCLOSURE]
        ends = [0, *(one.end for one in kept)]
        starts = [*(one.start for one in kept), len(comment)]
        for end, start in zip(ends, starts, strict=True):
            if start > end and comment[end:start].strip(" "):
                assert comment[end:start] in redacted


@given(st.text(max_size=500), st.lists(st.text(max_size=20), max_size=5))
def test_flags_hold_their_words_in_order(text: str, names: list[str]) -> None:
    found = flag(text, names=names)

    assert all(text[one.start : one.end] == one.words for one in found)
    assert all(earlier.start <= later.start for earlier, later in pairwise(found))


SLOW = {
    "one letter": "a",
    "at signs": "a@",
    "dots": "a.",
    "digits": "1",
    "digits apart": "0 ",
    "brackets": "(0",
    "plus": "+",
    "titles": "Mr ",
    "titles joined": "Mr and ",
    "particles": "Mr van ",
    "capitals": "Ab ",
    "addresses": "https://",
    "dates": "1/1/",
    "born": "born on the ",
    "cases": "case no ",
    "references": "AB1234",
    "harm": "he hit ",
    "ages": "aged 7 ",
    "hidden": "a [at] b dot ",
    "emoji": "😀",
    "accents": "a\u0301",
    "right to left": "\u202eא ",
    "spaces": " ",
    "line ends": "\n",
    "NHS numbers": "999 000 0018 ",
    "hyphens": "x-",
    "apostrophes": "O'",
}


@pytest.mark.parametrize("name", SLOW)
def test_long_comment_takes_a_moment(name: str) -> None:
    part = SLOW[name]
    text = part * (50_000 // len(part))
    flag("01632 960123")  # loads the numbering plans, which are loaded once

    began = time.process_time()
    redact(text, flag(text, names=["Rowan Oakapple", "A B", "Ab Ab Ab"]))

    # A tenth of a second is usual; what grows with the square of the length takes minutes.
    assert time.process_time() - began < 5


def test_numbering_plans_are_loaded_only_for_a_number() -> None:
    program = (
        "import sys; from analysis.comments import flag; flag('no number');"
        "sys.exit('phonenumbers' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
