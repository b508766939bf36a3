"""Kaohe (考核): target management, supervision and assessment for Chinese local government."""

from typing import TYPE_CHECKING, Any

from kaohe.facts.errors import DataError, KaoheError, SchemeError
from kaohe.schemes.findings import Finding
from kaohe.scoring.api import score
from kaohe.scoring.lint import lint, read_back
from kaohe.scoring.working import Working, explain

if TYPE_CHECKING:
    from kaohe.checking.report import check
    from kaohe.reading.reader import read

__version__ = "0.1.0"
__all__ = [
    "DataError",
    "Finding",
    "KaoheError",
    "SchemeError",
    "Working",
    "__version__",
    "check",
    "explain",
    "lint",
    "read",
    "read_back",
    "score",
]


def __getattr__(name: str) -> Any:
    # Reading compiles its word lists when it is imported; scoring need not wait for that.
    if name == "read":
        from kaohe.reading.reader import read

        return read
    if name == "check":
        from kaohe.checking.report import check

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
