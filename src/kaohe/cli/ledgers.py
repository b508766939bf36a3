"""A ledger and a period as commands are given them."""

from __future__ import annotations

from pathlib import Path

from kaohe.cli.faults import bad_input
from kaohe.facts.ledger import Ledger
from kaohe.facts.package import is_ledger, read_ledger
from kaohe.messages import text
from kaohe.quantities import Period


def opened_ledger(folder: Path) -> Ledger:
    """The ledger in a folder. Raises ``KaoheError`` on a folder that is none, and with all its faults."""
    if not folder.is_dir() or not is_ledger(folder):
        raise bad_input(text("error.no_ledger", path=folder))
    return read_ledger(folder)


def asked_period(written: str | None) -> Period | None:
    """The period of ``--period``. Raises ``KaoheError`` on what is none."""
    try:
        return Period.parse(written) if written else None
    except ValueError as error:
        raise bad_input(text("error.period", text=written)) from error
