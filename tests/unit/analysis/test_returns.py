"""Agency returns beside practitioners: whose answers stand there, and how far apart they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import FaultyFile
from analysis.result import GroupKind, Mark, ReturnBeside
from analysis.returns import AgencyReturn, beside, read_returns
from tests.factories_rounds import Said, make_compared_round
from tests.factories_tally import make_bank, scale_question

SAID: Said = {
    "Council": (64, 80),
    "Early help": (32, 40),
    "Police": (8, 20),
    "Probation": (3, 4),
    "Hospital": (12, 30),
    "Community nurses": (5, 12),
    "Schools": (8, 20),
    "Charity": (4, 10),
}
BANK = make_bank(
    {
        "t_one": [
            scale_question("q_one"),
            {"type": "short_text", "code": "q_text", "text": "Say more.", "longest": 200},
        ]
    }
)


def set_beside(said: Said, *returns: tuple[str, str]) -> tuple[ReturnBeside, ...]:
    made = make_compared_round(said)
    return beside(
        [AgencyReturn(agency, "q_one", option) for agency, option in returns],
        tally=made.tally,
        bank=made.bank,
        settings=made.settings,
        summary=made.summary,
    )


class TestWhoseAnswers:
    def test_own_people_stand_in_a_word_where_they_are_enough(self) -> None:
        (found,) = set_beside(SAID, ("Police", "sa"))

        assert not found.of_group
        assert found.practitioners.kind is GroupKind.AGENCY
        assert found.practitioners.words == "Fewer than half"
        assert found.practitioners.figures is None
        assert found.apart is None
        assert "sees itself better" in found.sentence

    def test_few_people_stand_as_their_sector_group_and_it_says_so(self) -> None:
        (found,) = set_beside(SAID, ("Probation", "di"))

        assert found.of_group
        assert found.practitioners.group == "police_and_justice"
        assert found.practitioners.figures is not None
        # 11 agreed (75) and 13 disagreed (25) of 24; the rating is 25.
        assert found.apart == pytest.approx(22.9)
        assert "Its own people cannot be shown apart" in found.sentence
        assert "sees itself less well" in found.sentence

    def test_group_too_small_to_show_leaves_a_mark(self) -> None:
        (found,) = set_beside(SAID, ("Charity", "sa"))

        assert found.practitioners.mark is Mark.CONFIDENTIAL
        assert found.practitioners.figures is None
        assert found.practitioners.words is None
        assert "Too few people answered" in found.sentence

    def test_agency_that_did_not_answer_has_its_group(self) -> None:
        (found,) = set_beside({**SAID, "Nurseries": (0, 0)}, ("Nurseries", "ag"))

        assert found.practitioners.mark is Mark.CONFIDENTIAL

    def test_group_that_is_a_side_stands_as_the_side(self) -> None:
        said = {
            k: v for k, v in SAID.items() if k in ("Council", "Police", "Hospital", "Probation")
        }

        (found,) = set_beside(said, ("Council", "sa"))

        assert found.practitioners.figures is not None or found.practitioners.words is not None

    def test_nothing_is_shown_of_fewer_than_ten(self) -> None:
        returns = [(agency, "ag") for agency in SAID]

        for found in set_beside(SAID, *returns):
            if found.practitioners.kind is GroupKind.AGENCY:
                assert SAID[found.agency][1] >= 10

    def test_nothing_is_shown_where_everybody_is_hidden(self) -> None:
        (found,) = set_beside({"Council": (2, 4), "Police": (1, 3)}, ("Police", "sa"))

        assert found.practitioners.mark is Mark.CONFIDENTIAL

    def test_one_other_agency_would_be_told_by_taking_away(self) -> None:
        (found,) = set_beside({"Council": (10, 20), "Police": (9, 20)}, ("Police", "sa"))

        assert found.practitioners.kind is not GroupKind.AGENCY


class TestOrder:
    def test_those_furthest_apart_come_first(self) -> None:
        found = set_beside(
            SAID, ("Council", "ag"), ("Charity", "sa"), ("Police", "sa"), ("Probation", "di")
        )

        assert [each.agency for each in found] == ["Police", "Probation", "Council", "Charity"]

    def test_rating_of_dont_know_is_not_compared_and_comes_last(self) -> None:
        found = set_beside(SAID, ("Police", "dk"), ("Probation", "ag"))

        assert [each.agency for each in found] == ["Probation", "Police"]
        assert found[1].apart is None
        assert found[1].rating == "Don’t know"
        assert "sees itself" not in found[1].sentence

    @pytest.mark.parametrize(
        ("option", "words"),
        [("ne", "much as the agency says"), ("sa", "sees itself better"), ("sd", "less well")],
    )
    def test_sentence_says_which_way(self, option: str, words: str) -> None:
        (found,) = set_beside(SAID, ("Probation", option))

        assert words in found.sentence

    @pytest.mark.parametrize(
        ("agency", "option", "words"),
        [("Council", "sd", "less well"), ("Council", "ne", ""), ("Police", "di", "")],
    )
    def test_sentence_on_a_word_says_which_way(self, agency: str, option: str, words: str) -> None:
        (found,) = set_beside(SAID, (agency, option))

        assert words in found.sentence
        assert bool(words) == ("sees itself" in found.sentence)

    def test_question_not_in_the_result_is_left_out(self) -> None:
        made = make_compared_round(SAID)

        found = beside(
            [AgencyReturn("Police", "q_other", "sa")],
            tally=made.tally,
            bank=made.bank,
            settings=made.settings,
            summary=made.summary,
        )

        assert found == ()


class TestFile:
    AGENCIES = ("Harrow Fields Police", "St Botolph’s School")

    def read(self, tmp_path: Path, text: str) -> list[AgencyReturn]:
        path = tmp_path / "returns.csv"
        path.write_text(text, encoding="utf-8")
        return read_returns(path, BANK, agencies=self.AGENCIES)

    def test_rows_are_read(self, tmp_path: Path) -> None:
        text = (
            "agency,question,option\nHarrow  Fields Police,q_one,ag\nSt Botolph’s School,q_one,dk\n"
        )

        assert self.read(tmp_path, text) == [
            AgencyReturn("Harrow Fields Police", "q_one", "ag"),
            AgencyReturn("St Botolph’s School", "q_one", "dk"),
        ]

    @pytest.mark.parametrize(
        ("row", "places", "words"),
        [
            ("Harrow Fields Polise,q_one,ag", [(2, "agency")], "Did you mean “Harrow Fields Pol"),
            (",q_one,ag", [(2, "agency")], "missing"),
            ("Harrow Fields Police,q_on,ag", [(2, "question")], "Did you mean “q_one”"),
            ("Harrow Fields Police,,ag", [(2, "question")], "missing"),
            ("Harrow Fields Police,q_text,ag", [(2, "question")], "not answered on a scale"),
            ("Harrow Fields Police,q_one,agree", [(2, "option")], "“ag”"),
            ("Harrow Fields Police,q_one,", [(2, "option")], "missing"),
            (
                "Harrow Fields Police,q_one,ag\nHarrow Fields Police,q_one,sa",
                [(3, "question")],
                "in row 2 already",
            ),
        ],
        ids=[
            "agency",
            "no agency",
            "question",
            "no question",
            "text question",
            "option",
            "no option",
            "twice",
        ],
    )
    def test_fault_has_its_place(
        self, tmp_path: Path, row: str, places: list[tuple[int, str]], words: str
    ) -> None:
        with pytest.raises(FaultyFile) as caught:
            self.read(tmp_path, f"agency,question,option\n{row}\n")

        assert [(fault.row, fault.column) for fault in caught.value.faults] == places
        assert words in str(caught.value)

    def test_unknown_column_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(FaultyFile, match="no such column"):
            self.read(tmp_path, "agency,question,option,level\nA,q_one,ag,x\n")


class TestReleaseAfterAnother:
    """What was said of an agency's own people before, and what may be said of them now."""

    def again(
        self, *returns: tuple[str, str], earlier: tuple[ReturnBeside, ...], updated: bool
    ) -> tuple[ReturnBeside, ...]:
        made = make_compared_round(SAID)
        return beside(
            [AgencyReturn(agency, "q_one", option) for agency, option in returns],
            tally=made.tally,
            bank=made.bank,
            settings=made.settings,
            summary=made.summary,
            earlier=earlier,
            updated={"q_one"} if updated else (),
        )

    def test_word_that_was_shown_stands_beside_unchanged_figures(self) -> None:
        earlier = set_beside(SAID, ("Police", "sa"))

        (found,) = self.again(("Police", "sa"), earlier=earlier, updated=False)

        assert found == earlier[0]

    def test_no_word_of_own_people_is_said_anew_of_an_updated_question(self) -> None:
        earlier = set_beside(SAID, ("Police", "sa"))

        (found,) = self.again(("Police", "sa"), earlier=earlier, updated=True)

        assert found.of_group
        assert found.practitioners.group == "police_and_justice"

    def test_rating_that_was_changed_stands_beside_the_same_word(self) -> None:
        earlier = set_beside(SAID, ("Police", "sa"))

        (found,) = self.again(("Police", "sd"), earlier=earlier, updated=False)

        assert (found.rating, found.practitioners) == (
            "Strongly disagree",
            earlier[0].practitioners,
        )

    def test_word_that_was_shown_counts_although_its_return_is_gone(self) -> None:
        alone = set_beside(SAID, ("Hospital", "sa"))
        earlier = set_beside(SAID, ("Council", "sa"), ("Police", "sa"), ("Schools", "sa"))
        together = set_beside(
            SAID, *((agency, "sa") for agency in ("Council", "Hospital", "Police", "Schools"))
        )

        (found,) = self.again(("Hospital", "sa"), earlier=earlier, updated=False)

        (with_them,) = (each for each in together if each.agency == "Hospital")
        assert found.of_group is with_them.of_group
        assert not alone[0].of_group
