"""What people do with papers: hand in a template, make a paper, retire a template."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kaohe.facts.errors import DataError
from kaohe.web.accounts.permissions import Permits, Verb
from kaohe.web.assessment.permissions import lines_seen
from kaohe.web.audit.recording import recorded
from kaohe.web.config import clock
from kaohe.web.documents.admitting import NotAdmitted, admitted, safe_name
from kaohe.web.documents.models import Paper, PaperTemplate
from kaohe.web.documents.papers import paper_facts
from kaohe.web.documents.queries import template_content
from kaohe.web.documents.storage import store
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.models import ReportingUnit
from kaohe.writing.templates import check_document, check_workbook, fill_document, fill_workbook

_CHECKS = {"docx": check_document, "xlsx": check_workbook}
_FILLS = {"docx": fill_document, "xlsx": fill_workbook}


class Unusable(Refused):
    """A template that cannot be filled; ``problems`` names each place."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("；".join(problems))
        self.problems = problems


def hand_in_template(
    *, permits: Permits, unit: ReportingUnit, name: str, content: bytes, note: str = ""
) -> PaperTemplate:
    """Keeps a template of the unit; the same name again is its next edition.

    Raises ``Unusable`` when a field is not known or the file cannot be filled; nothing is then kept.
    """
    permits.need(Verb.PUBLISH, unit)
    form = _form(name, content)
    try:
        _CHECKS[form](content)
    except DataError as error:
        raise Unusable(error.messages) from error
    kept = store([content])
    stem = safe_name(name).rpartition(".")[0][:80]
    with recorded("template.hand_in", by=permits.person, reason=note) as entry:
        editions = PaperTemplate.objects.filter(unit=unit, name=stem, form=form)
        last = editions.order_by("-edition").first()
        row = PaperTemplate(
            unit=unit, name=stem, form=form, edition=last.edition + 1 if last else 1, sha256=kept.sha256,
            size=kept.size, note=note.strip()[:200], by=permits.person, at=clock.now(),
        )  # fmt: skip
        entry.create(row)
    return row


def retire_template(*, permits: Permits, template: PaperTemplate) -> PaperTemplate:
    """A template is no longer offered; papers that were made from it stay."""
    permits.need(Verb.PUBLISH, template.unit)
    with recorded("template.retire", by=permits.person) as entry:
        template.retired = True
        entry.update(template)
    return template


def make_paper(*, permits: Permits, unit: ReportingUnit, month: str, key: str) -> Paper:
    """Fills a template with a unit's month as the person may see it; the paper is kept as it is given out."""
    permits.need(Verb.PUBLISH, unit)
    offer, content = template_content(permits, unit, key)
    facts = paper_facts(permits, unit, month)
    try:
        made = _FILLS[offer.form](content, facts.paper)
    except DataError as error:
        raise Unusable(error.messages) from error
    kept = store([made])
    seen = lines_seen(permits, unit)
    paper = Paper(
        unit=unit, month=month, template=offer.row, name=f"{unit.name}{month}{offer.name}.{offer.form}",
        sha256=kept.sha256, size=kept.size, lines=" ".join(sorted(seen or ())), run=facts.run,
        ledger_size=facts.ledger_size, ledger_head=facts.ledger_head, by=permits.person, at=clock.now(),
    )  # fmt: skip
    with recorded("paper.make", by=permits.person) as entry:
        entry.create(paper)
    return paper


def _form(name: str, content: bytes) -> str:
    try:
        form = admitted(name, content)
    except NotAdmitted as error:
        raise Unusable((str(error),)) from error
    if form not in _CHECKS:
        raise Unusable((_("%(name)s：模板应为 .docx 或 .xlsx") % {"name": name},))
    return form
