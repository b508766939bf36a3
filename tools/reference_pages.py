"""Writes the generated pages of docs/reference: the commands, from their own help, and the Python names."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click

import kaohe

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
WRITTEN_BY = "Written by `make docs`; do not edit by hand.\n"


def main() -> None:
    """Writes each page whose subject exists."""
    command = getattr(importlib.import_module("kaohe.cli"), "main", None)
    if isinstance(command, click.Command):
        (REFERENCE / "commands.md").write_text(commands_page(command), "utf-8")
    (REFERENCE / "python.md").write_text(python_page(), "utf-8")


def commands_page(command: click.Command) -> str:
    """The help of every command, as the terminal shows it."""
    blocks = [f"## {name}\n\n```text\n{text}\n```\n" for name, text in help_texts(command, "kaohe")]
    return f"# Commands\n\n{WRITTEN_BY}\n" + "\n".join(blocks)


def help_texts(
    command: click.Command, path: str, parent: click.Context | None = None
) -> Iterator[tuple[str, str]]:
    """(path, help) of a command and of all below it."""
    context = click.Context(command, info_name=path.rsplit(" ", 1)[-1], parent=parent, terminal_width=100)
    yield path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from help_texts(below, f"{path} {name}", context)


def python_page() -> str:
    """The public names of each module, with the sentence that defines them."""
    names = ["kaohe", *sorted(found.name for found in pkgutil.walk_packages(kaohe.__path__, "kaohe."))]
    # The web app is run, not imported.
    names = [name for name in names if not name.startswith("kaohe.web")]
    modules = [importlib.import_module(name) for name in names if not name.endswith("__main__")]
    return f"# Python\n\n{WRITTEN_BY}" + "".join(section(module) for module in modules if public(module))


def section(module: ModuleType) -> str:
    """A module: what it is, and a table of its public names."""
    rows = "".join(f"| `{name}` | {sentence(value)} |\n" for name, value in public(module))
    return f"\n## {module.__name__}\n\n{sentence(module)}\n\n| name | what it is |\n|---|---|\n{rows}"


def public(module: ModuleType) -> list[tuple[str, object]]:
    """Documented functions and classes that the module exports, or defines without an underscore."""
    exported = getattr(module, "__all__", None)
    members = [(name, getattr(module, name)) for name in exported] if exported else inspect.getmembers(module)
    return [
        (name, value)
        for name, value in members
        if (inspect.isclass(value) or inspect.isfunction(value))
        and not name.startswith("_")
        and (exported or value.__module__ == module.__name__)
    ]


def sentence(value: object) -> str:
    """The first paragraph of its docstring, on one line."""
    text = inspect.getdoc(value) or ""
    return " ".join(text.split("\n\n", 1)[0].split()).replace("|", "\\|")


if __name__ == "__main__":
    main()
