"""Reading: documents → text → claims."""

from kaohe.reading.claims import Claim, Milestone, claims_from_lines, claims_to_lines
from kaohe.reading.documents import Document, Paragraph, Section, Span, Table, TableCell

__all__ = [
    "Claim",
    "Document",
    "Milestone",
    "Paragraph",
    "Section",
    "Span",
    "Table",
    "TableCell",
    "claims_from_lines",
    "claims_to_lines",
]
