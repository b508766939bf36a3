"""Registers about persons (relief, petitions, disputes): who opens one is recorded, and names are masked."""

from __future__ import annotations

from collections.abc import Iterable

PERSONAL = frozenset(
    {
        "petitions",
        "disputes",
        "mediations",
        "relief",
        "assistance",
        "low_income",
        "pensions",
        "household_visits",
    }
)
"""The registers whose records are about persons, whatever their columns are called."""
_TELLING = frozenset(
    {"applicant", "petitioner", "id_number", "姓名", "申请人", "信访人", "当事人", "身份证号"}
)
"""Columns that make any other register one about persons."""
_NAMES = frozenset(
    {"name", "applicant", "petitioner", "person", "party", "姓名", "申请人", "信访人", "当事人"}
)
_NUMBERS = frozenset({"phone", "mobile", "id_number", "account", "电话", "手机", "身份证号", "账号"})
_PLACES = frozenset({"address", "住址", "地址"})


def is_personal(table: str, columns: Iterable[str]) -> bool:
    """Whether a register is about persons: by its name, or by a column that only persons have.

    >>> is_personal("relief", []), is_personal("low_rent", ["姓名"]), is_personal("projects", ["name"])
    (True, True, False)
    """
    return table in PERSONAL or not _TELLING.isdisjoint(columns)


def masked(column: str, text: str) -> str:
    """What a page shows of a cell of such a register: a surname, the last four figures, no address.

    >>> masked("applicant", "张三丰"), masked("phone", "13800001234"), masked("due", "2005-10-31")
    ('张**', '****1234', '2005-10-31')
    >>> masked("address", "东村 3 组"), masked("phone", "")
    ('***', '')
    """
    if not text:
        return text
    if column in _NAMES:
        return text[0] + "*" * (len(text) - 1)
    if column in _NUMBERS:
        return f"****{text[-4:]}" if len(text) > 8 else "****"
    return "***" if column in _PLACES else text
