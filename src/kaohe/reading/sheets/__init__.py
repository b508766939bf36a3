"""Figures of real office workbooks: one reader for the command line and the import centre."""

from kaohe.reading.sheets.asking import SKIP, Answer, answers_from
from kaohe.reading.sheets.model import Question, SheetCell, WorkbookReading
from kaohe.reading.sheets.reader import read_sheets, read_workbook

__all__ = [
    "SKIP",
    "Answer",
    "Question",
    "SheetCell",
    "WorkbookReading",
    "answers_from",
    "read_sheets",
    "read_workbook",
]
