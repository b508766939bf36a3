"""Kaohe (考核): target management, supervision and assessment for Chinese local government."""

from kaohe.facts.errors import DataError, KaoheError, SchemeError
from kaohe.schemes.findings import Finding
from kaohe.scoring.api import score
from kaohe.scoring.lint import lint, read_back
from kaohe.scoring.working import Working, explain

__version__ = "0.1.0"
__all__ = [
    "DataError",
    "Finding",
    "KaoheError",
    "SchemeError",
    "Working",
    "__version__",
    "explain",
    "lint",
    "read_back",
    "score",
]
