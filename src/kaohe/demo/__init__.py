"""The demo ledger and its schemes, as files; every figure not from the speech is 演示数据."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def folder() -> Path:
    """The folder that holds the demo ledger (``ledger/``) and the two schemes.

    >>> folder().name
    'demo'
    """
    return Path(str(files("kaohe.demo")))
