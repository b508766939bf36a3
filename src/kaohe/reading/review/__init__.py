"""Review: claims proposed as facts, decided by a person in a workbook, taken into a ledger."""

from kaohe.reading.review.accepting import Accepted, accept
from kaohe.reading.review.proposals import Proposal, Review, digest_of, proposed, proposed_of

__all__ = ["Accepted", "Proposal", "Review", "accept", "digest_of", "proposed", "proposed_of"]
