"""Papers from an office's own templates: a .docx or .xlsx with ``{{字段}}`` is filled, its format kept."""

from kaohe.writing.templates.document import check_document, fill_document
from kaohe.writing.templates.fields import FIELDS, Field, Paper, TemplateError, Value
from kaohe.writing.templates.workbook import check_workbook, fill_workbook

__all__ = [
    "FIELDS",
    "Field",
    "Paper",
    "TemplateError",
    "Value",
    "check_document",
    "check_workbook",
    "fill_document",
    "fill_workbook",
]
