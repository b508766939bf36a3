"""Templates and papers that a person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from django.db.models import Q

from kaohe.web.accounts.permissions import Permits, Unknown, Verb
from kaohe.web.assessment.permissions import lines_seen
from kaohe.web.documents.models import Paper, PaperTemplate
from kaohe.web.documents.storage import path_of
from kaohe.web.ledger.models import ReportingUnit

SHIPPED = "shipped:"
_FEW = 20


@dataclass(frozen=True, slots=True)
class Offer:
    """A template that can be filled: ``key`` is how a form names it."""

    key: str
    name: str
    form: str
    edition: int
    row: PaperTemplate | None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class PapersPage:
    """What can be made of a unit and a month, and what was made."""

    shipped: Sequence[Offer]
    own: Sequence[Offer]
    made: Sequence[Paper]


def papers_page(permits: Permits, unit: ReportingUnit) -> PapersPage:
    """The templates for a unit and its papers, newest first; three queries."""
    permits.need(Verb.PUBLISH, unit)
    rows = templates_for(permits, unit)
    own = [
        Offer(str(row.pk), row.name, row.form, row.edition, row, permits.may(Verb.PUBLISH, row.unit))
        for row in rows
    ]
    return PapersPage(shipped_templates(), own, papers_of(permits, unit))


def shipped_templates() -> list[Offer]:
    """The templates that come with the program."""
    names = sorted(
        each.name for each in _shipped_folder().iterdir() if each.name.endswith((".docx", ".xlsx"))
    )
    return [
        Offer(SHIPPED + name, name.rpartition(".")[0], name.rpartition(".")[2], 0, None) for name in names
    ]


def templates_for(permits: Permits, unit: ReportingUnit) -> list[PaperTemplate]:
    """The newest edition of each template of the unit and of those above it, without those retired."""
    permits.need(Verb.PUBLISH, unit)
    codes = unit.path.rstrip("/").split("/")
    rows = PaperTemplate.objects.filter(unit__code__in=codes).select_related("unit", "by")
    newest: dict[tuple[int, str, str], PaperTemplate] = {}
    for row in rows:
        newest.setdefault((row.unit_id, row.name, row.form), row)
    return [row for row in newest.values() if not row.retired]


def template_content(permits: Permits, unit: ReportingUnit, key: str) -> tuple[Offer, bytes]:
    """A template by its key, with its file; raises ``Unknown`` for one that the unit does not have."""
    if key.startswith(SHIPPED):
        permits.need(Verb.PUBLISH, unit)
        offer = next((each for each in shipped_templates() if each.key == key), None)
        if offer is None:
            raise Unknown
        return offer, (_shipped_folder() / key.removeprefix(SHIPPED)).read_bytes()
    row = next((each for each in templates_for(permits, unit) if str(each.pk) == key), None)
    if row is None:
        raise Unknown
    return Offer(key, row.name, row.form, row.edition, row), path_of(row.sha256).read_bytes()


def papers_of(permits: Permits, unit: ReportingUnit) -> list[Paper]:
    """The papers of a unit that the person may open, newest first."""
    rows = Paper.objects.filter(_seen(permits, unit), unit=unit).select_related("template", "run", "by")
    return list(rows[:_FEW])


def paper(permits: Permits, pk: int) -> Paper:
    """One paper; raises ``Unknown`` when the person may not open it."""
    row = Paper.objects.select_related("unit").filter(pk=pk).first()
    if row is None or not Paper.objects.filter(_seen(permits, row.unit), pk=pk).exists():
        raise Unknown
    permits.need(Verb.PUBLISH, row.unit)
    return row


def _seen(permits: Permits, unit: ReportingUnit) -> Q:
    """A paper holds what its maker saw: another opens it only who sees at least that."""
    if lines_seen(permits, unit) is None:
        return Q()
    return Q(by=permits.person)


def _shipped_folder() -> Traversable:
    return files("kaohe.writing.templates") / "shipped"
