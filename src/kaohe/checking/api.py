"""The checks of a document, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from kaohe.checking import (
    comparisons,
    families,
    growth,
    implied,
    lists,
    page,
    parallels,
    plausible,
    products,
    ratios,
    sense,
    shares,
    signs,
    sums,
    terms,
)
from kaohe.checking.figures import Figures
from kaohe.checking.findings import Finding, numbered
from kaohe.checking.judging import Judge
from kaohe.checking.layout import Layout
from kaohe.reading.claims import Claim
from kaohe.reading.documents import Document

Check = Callable[[Judge], Iterator[Finding]]

ALL: tuple[Check, ...] = (
    sums.part_sums, families.family_sums, sums.structures, sums.industry_shares, sums.orders,
    ratios.shares, shares.named_wholes, shares.sibling_shares, ratios.defined_rates, ratios.success_rates,
    ratios.completions, growth.increases, growth.from_to, comparisons.last_year_beside, comparisons.two_years,
    comparisons.beyond_plan,
    implied.parts_and_whole, implied.share_moves,
    sense.contradictions, sense.estimates_in_totals, sense.behind_calendar, sense.hidden_parts,
    sense.vague_changes, sense.missing_bases, sense.twice_stated,
    parallels.aligned_lists, parallels.counted_names,
    plausible.taxes_of_sales, plausible.impossible_ratios, plausible.ratios_of_losses, plausible.out_of_scale,
    products.per_head, products.balances, plausible.lost_numbers,
    lists.announced, lists.numbering, signs.balance, signs.doubled_signs,
    page.boilerplate, page.title_against_body, page.page_date,
    terms.doubled_words, terms.terms, terms.two_spellings,
)  # fmt: skip
"""Every check, each a function from the document under judgement to its findings."""


def check_document(
    document: Document, claims: Iterable[Claim], checks: Sequence[Check] = ALL
) -> tuple[Finding, ...]:
    """What the checks find in a document and its claims, in the order of the text, ids from 1.

    >>> from decimal import Decimal
    >>> document = Document("全镇共有企业10家,其中亏损企业12家。")
    >>> few = Claim(0, 6, 9, "10家", "count", Decimal(10), "家", "企业")
    >>> many = Claim(1, 16, 19, "12家", "count", Decimal(12), "家", "亏损企业", part_of=0)
    >>> [(finding.check, finding.verdict) for finding in check_document(document, [few, many])]
    [('order-relation', 'fails')]
    """
    judge = Judge(Figures(tuple(claims), Layout(document)))
    found = (finding for check in checks for finding in check(judge))
    return numbered(_once(found))


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The same judgement on the same figures is told once, whichever check comes to it first."""
    seen: set[tuple[object, ...]] = set()
    for finding in findings:
        key = (finding.check, finding.verdict, frozenset((mark.start, mark.end) for mark in finding.marks))
        if key not in seen:
            seen.add(key)
            yield finding
