"""The seed speech with its gold claims, and a short way to check a text of one's own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from kaohe.checking import Finding, check_document
from kaohe.reading.claims import Claim
from kaohe.reading.documents import Document
from kaohe.reading.reader import read_document
from kaohe.reading.structure import structured

Checked = tuple[Document, tuple[Finding, ...]]


def gold_claims(path: Path) -> list[Claim]:
    """The claims of a gold file, with the decimals that their texts show."""
    claims = []
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = json.loads(line, parse_float=Decimal)
        printed = re.search(r"\.(\d+)", fields["text"])
        claims.append(Claim.from_json(fields | {"decimals": len(printed[1]) if printed else 0}))
    return claims


@pytest.fixture(scope="session")
def seed_by_gold(shared: Path) -> Checked:
    """The seed speech checked with the claims of the gold."""
    document = structured((shared / "seed" / "speech.txt").read_text(encoding="utf-8"))
    return document, check_document(document, gold_claims(shared / "reading" / "gold" / "00.jsonl"))


@pytest.fixture(scope="session")
def seed_by_reader(shared: Path) -> Checked:
    """The seed speech checked with the claims that our reader finds."""
    document = structured((shared / "seed" / "speech.txt").read_text(encoding="utf-8"))
    return document, check_document(document, read_document(document))


@pytest.fixture(scope="session")
def findings_of() -> Callable[[str], tuple[Finding, ...]]:
    """The findings of a text as our reader reads it."""

    def checked(text: str) -> tuple[Finding, ...]:
        document = structured(text)
        return check_document(document, read_document(document))

    return checked
