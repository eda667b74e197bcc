"""question_banks/README.md explains every key and word there is, and its examples work."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import pytest

from question_banks import bank as models
from question_banks.checks import check_bank
from question_banks.loader import list_banks
from question_banks.reader import read_bank

README = Path(models.__file__).with_name("README.md")
TEXT = README.read_text(encoding="utf-8")
CODE = set(re.findall(r"`([a-z_]+):?`", TEXT))


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, flags=re.DOTALL)


def keys() -> set[str]:
    """Every key a bank file may have."""
    return {
        field.alias or name
        for value in vars(models).values()
        if isinstance(value, type) and issubclass(value, models.Model)
        for name, field in value.model_fields.items()
    }


def test_every_key_is_explained() -> None:
    in_examples = {"en", "cy", "question", "op", "value", "warning", "reason"}

    assert sorted(keys() - CODE - in_examples) == []
    assert [key for key in sorted(in_examples) if f"{key}: " not in TEXT] == []


@pytest.mark.parametrize(
    "words",
    [models.BankKind, models.Level, models.Sector, models.OptionKind, models.Operator],
    ids=lambda words: words.__name__,
)
def test_every_word_of_a_closed_set_is_named(words: type[StrEnum]) -> None:
    assert sorted(set(words) - CODE) == []


def test_every_type_of_question_is_named() -> None:
    source = Path(models.__file__).read_text(encoding="utf-8")
    types = set(re.findall(r'type: Literal\["([a-z_]+)"\]', source))

    assert len(types) == 8
    assert sorted(types - CODE) == []


def test_the_whole_bank_of_the_readme_has_no_problems(tmp_path: Path) -> None:
    path = tmp_path / "my_bank.yaml"
    path.write_text(blocks("yaml")[0], encoding="utf-8")

    assert [str(problem) for problem in check_bank(read_bank(path))] == []


def test_the_example_in_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = blocks("python")

    exec(compile(example, str(README), "exec"), {})

    first = next(bank for bank in list_banks() if bank.bank == "safeguarding_children_2010")
    assert capsys.readouterr().out.strip() == first.signposts[0].topics[0].title
