"""The English of the web app: what is asked for, what is missing, and the compiled catalogues.

Chinese is the source: the words stand in the templates and modules themselves. Each app of ``kaohe.web``
keeps its English in ``locale/en/LC_MESSAGES/django.po``; Django reads the ``.mo`` beside it, which this
writes without GNU gettext.

    python tools/compile_messages.py             write every .mo
    python tools/compile_messages.py --missing   print the entries that have no English yet, to be filled in
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "src" / "kaohe" / "web"
PLACE = Path("locale") / "en" / "LC_MESSAGES" / "django.po"
HEADER = (
    "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
    "Language: en\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
)
CONTEXT = "\x04"
"""Stands between a context and the words, as gettext has it."""
_PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
_WITH_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
_MO_MAGIC, _MO_HEAD = 0x950412DE, 28

Catalogue = dict[str, tuple[str, ...]]


def read_catalogue(content: str) -> Catalogue:
    """The translations of a .po by context and msgid: one form, or two (plural); without the header."""
    entries: list[tuple[str, list[str]]] = []
    context, text = "", None
    for line in content.splitlines():
        keyword, _, rest = line.partition(" ")
        if keyword == "msgctxt":
            context = ast.literal_eval(rest) + CONTEXT
        elif keyword == "msgid":
            entries.append((context + ast.literal_eval(rest), []))
            context, text = "", None
        elif keyword == "msgid_plural":
            text = None
        elif keyword.startswith("msgstr"):
            entries[-1][1].append(ast.literal_eval(rest))
            text = entries[-1][1]
        elif line.startswith('"'):
            if text is None:
                entries[-1] = (entries[-1][0] + ast.literal_eval(line), entries[-1][1])
            else:
                text[-1] += ast.literal_eval(line)
    return {msgid: tuple(forms) for msgid, forms in entries if msgid and all(forms)}


def compiled(catalogue: Catalogue) -> bytes:
    """A catalogue as GNU gettext's binary format: sorted, so that it is the same on every machine."""
    pairs = [(b"", HEADER.encode())]
    for msgid, forms in catalogue.items():
        key = msgid if len(forms) == 1 else f"{msgid}\0{msgid.rpartition(CONTEXT)[2]}"
        pairs.append((key.encode(), "\0".join(forms).encode()))
    pairs.sort()
    at = _MO_HEAD + 16 * len(pairs)
    tables: list[bytes] = []
    for column in (0, 1):
        for pair in pairs:
            tables.append(struct.pack("<II", len(pair[column]), at))
            at += len(pair[column]) + 1
    head = struct.pack("<7I", _MO_MAGIC, 0, len(pairs), _MO_HEAD, _MO_HEAD + 8 * len(pairs), 0, _MO_HEAD)
    strings = [pair[column] + b"\0" for column in (0, 1) for pair in pairs]
    return head + b"".join(tables) + b"".join(strings)


def catalogues() -> Iterator[Path]:
    """The .po files of all apps."""
    return iter(sorted(WEB.glob(f"*/{PLACE.as_posix()}")))


def asked() -> dict[str, Path]:
    """Every msgid that a template or module of the web app asks for, with the file that asks first.

    A msgid that has a context stands behind it, apart by ``CONTEXT``.
    """
    found: dict[str, Path] = {}
    for file in sorted(WEB.rglob("*.html")):
        for msgid in _of_template(file):
            found.setdefault(msgid, file)
    for file in sorted(WEB.rglob("*.py")):
        for msgid in _of_module(file):
            found.setdefault(msgid, file)
    return found


def missing() -> dict[str, Path]:
    """The msgids that no catalogue has in English."""
    known: set[str] = set()
    for file in catalogues():
        known.update(read_catalogue(file.read_text(encoding="utf-8")))
    return {msgid: file for msgid, file in asked().items() if msgid not in known}


_QUOTED = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(?:n?p(?=gettext)|)(?:gettext|ngettext|_)\(\s*{_QUOTED}(?:,\s*{_QUOTED})?", re.DOTALL)


def _of_template(file: Path) -> Iterator[str]:
    if not settings.configured:
        settings.configure()
    source = templatize(file.read_text(encoding="utf-8"), origin=str(file))
    for call in _CALL.finditer(source):
        words = [ast.literal_eval(each.replace("\n", "\\n")) for each in call.groups() if each]
        yield CONTEXT.join(words[:2]) if "pgettext" in call[0] else words[0]


def _of_module(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            words = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            if _name(node.func) in _PLAIN and words and isinstance(words[0], str):
                yield words[0]
            elif _name(node.func) in _WITH_CONTEXT and len(words) >= 2:
                yield CONTEXT.join(words[:2])


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def main() -> None:
    if "--missing" in sys.argv[1:]:
        for msgid, file in missing().items():
            context, _, words = msgid.rpartition(CONTEXT)
            told = f"msgctxt {_quoted(context)}\n" if context else ""
            print(f'#: {file.relative_to(ROOT)}\n{told}msgid {_quoted(words)}\nmsgstr ""\n')
        return
    for file in catalogues():
        catalogue = read_catalogue(file.read_text(encoding="utf-8"))
        file.with_suffix(".mo").write_bytes(compiled(catalogue))
        print(f"{file.relative_to(ROOT)}: {len(catalogue)}")


if __name__ == "__main__":
    main()
