"""Reading: documents → text → claims."""

from kaohe.reading.claims import Claim, Milestone, claims_from_lines, claims_to_lines
from kaohe.reading.documents import Document, Paragraph, Section, Span, Table, TableCell
from kaohe.reading.files import open_document, text_document
from kaohe.reading.milestones import milestones_of
from kaohe.reading.reader import read, read_document

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
    "milestones_of",
    "open_document",
    "read",
    "read_document",
    "text_document",
]
