"""The examples in the docstrings of this package are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import analysis

MODULES = [
    module.name
    for module in pkgutil.walk_packages(analysis.__path__, "analysis.")
    if not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))

    assert result.failed == 0


def test_the_examples_were_found() -> None:
    modules = [importlib.import_module(name) for name in MODULES]

    assert sum(doctest.testmod(module).attempted for module in modules) > 60
