"""The evidence of an indicator or a criterion as a panel of another page."""

from __future__ import annotations

from typing import Any

from django import template

from kaohe.web.documents.evidence import evidence_page
from kaohe.web.ledger.models import ReportingUnit

register = template.Library()


@register.inclusion_tag("documents/evidence_panel.html", takes_context=True)
def evidence_panel(
    context: dict[str, Any], unit: ReportingUnit, month: str, indicator: str = "", criterion: str = ""
) -> dict[str, Any]:
    """What is needed, there and missing for one indicator or criterion of a unit; five queries."""
    page = evidence_page(context["request"].permits, unit, int(month[:4]))
    if criterion:
        subjects = tuple(each for each in page.subjects if each.criterion == criterion)
    else:
        subjects = page.of_indicator(indicator)
    return {"subjects": subjects, "unit": unit, "month": month}
