"""Matching: the place of a ledger that a claim speaks of."""

from kaohe.reading.matching.catalogue import Catalogue
from kaohe.reading.matching.match import match_claims
from kaohe.reading.matching.model import SURE, Candidate, Match, Matches
from kaohe.reading.matching.places import unit_named

__all__ = ["SURE", "Candidate", "Catalogue", "Match", "Matches", "match_claims", "unit_named"]
