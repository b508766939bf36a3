"""Every word of the web app has its English, and what Django reads is what the catalogues say."""

from __future__ import annotations

import importlib.util
import string
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location(
    "compile_messages", Path(__file__).resolve().parents[2] / "tools" / "compile_messages.py"
)
assert _spec and _spec.loader
messages = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(messages)


def test_every_word_has_its_english() -> None:
    without = [f"{file.relative_to(messages.ROOT)}: {msgid}" for msgid, file in messages.missing().items()]
    assert not without, "python tools/compile_messages.py --missing:\n" + "\n".join(without)


@pytest.mark.parametrize("file", list(messages.catalogues()), ids=lambda file: file.parts[-5])
def test_what_django_reads_is_compiled_from_the_catalogue(file: Path) -> None:
    catalogue = messages.read_catalogue(file.read_text(encoding="utf-8"))
    assert file.with_suffix(".mo").read_bytes() == messages.compiled(catalogue)


@pytest.mark.parametrize("file", list(messages.catalogues()), ids=lambda file: file.parts[-5])
def test_a_translation_has_the_same_fields(file: Path) -> None:
    """A field left out or misspelt would raise, or hide a figure, in English only."""
    for msgid, forms in messages.read_catalogue(file.read_text(encoding="utf-8")).items():
        for form in forms:
            assert _fields(form) == _fields(msgid), msgid


def test_a_catalogue_with_continued_lines_and_plurals_is_read() -> None:
    lines = ['msgid "甲"', '"乙"', 'msgstr "a"', '"b"', "", 'msgid "项"', 'msgid_plural "项"']
    lines += ['msgstr[0] "item"', 'msgstr[1] "items"']
    lines += ['msgctxt "audit"', 'msgid "项"', 'msgstr "thing"']
    read = messages.read_catalogue("\n".join(lines))
    assert read == {"甲乙": ("ab",), "项": ("item", "items"), "audit\x04项": ("thing",)}


def test_one_word_has_one_english() -> None:
    """Django takes the first catalogue that has it: two would show the one in the other's place."""
    known: dict[str, tuple[str, ...]] = {}
    for file in messages.catalogues():
        for msgid, forms in messages.read_catalogue(file.read_text(encoding="utf-8")).items():
            assert known.setdefault(msgid, forms) == forms, f"{file}: {msgid} (give one a context)"


def _fields(text: str) -> set[str]:
    plain = text.replace("%(", "{").replace(")s", "}")
    return {name for _, name, _, _ in string.Formatter().parse(plain) if name}
