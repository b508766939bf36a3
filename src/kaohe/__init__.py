"""Kaohe (考核): target management, supervision and assessment for Chinese local government."""

from kaohe.facts.errors import DataError, KaoheError, SchemeError
from kaohe.scoring.api import score
from kaohe.scoring.working import Working, explain

__version__ = "0.1.0"
__all__ = ["DataError", "KaoheError", "SchemeError", "Working", "__version__", "explain", "score"]
