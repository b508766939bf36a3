"""The catalogues are complete: every id used has a text in every language, with the same parameters."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import kaohe
from kaohe.messages import LANGUAGES, catalogue

SOURCE = Path(kaohe.__file__).parent
USED = re.compile(r"""\btext\(\s*f?["']([a-z_.{}\[\]]+)["']""")
BUILT = re.compile(r"""["']((?:heading|working|option|error|reason|label|done|progress)\.[a-z_]+)["']""")


def used() -> set[str]:
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        content = path.read_text(encoding="utf-8")
        if "kaohe.messages" in content and path.parent.name != "messages":
            found |= set(USED.findall(content)) | set(BUILT.findall(content))
    return {identifier for identifier in found if "{" not in identifier}


def parameters(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_used_has_a_text(language: str) -> None:
    assert used() - set(catalogue(language)) == set()


def test_languages_have_the_same_messages() -> None:
    assert set(catalogue("zh")) == set(catalogue("en"))


@pytest.mark.parametrize("identifier", sorted(catalogue("zh")))
def test_parameters_are_the_same(identifier: str) -> None:
    assert parameters(catalogue("zh")[identifier]) == parameters(catalogue("en")[identifier])
