"""Every example in a docstring of the library runs and gives what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import kaohe

MODULES = ("kaohe", *sorted(found.name for found in pkgutil.walk_packages(kaohe.__path__, "kaohe.")))


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module_hold(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0, f"{results.failed} of {results.attempted} examples of {name} fail"
