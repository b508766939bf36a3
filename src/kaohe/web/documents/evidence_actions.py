"""What people do with evidence: file it, refer to it again, take a reference away, ask for more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kaohe.web.accounts.permissions import Forbidden, Permits, Unknown, Verb
from kaohe.web.audit.recording import recorded
from kaohe.web.config import clock
from kaohe.web.documents.admitting import NotAdmitted, admitted, safe_name
from kaohe.web.documents.evidence import Subject, evidence_file, may_file, sees
from kaohe.web.documents.models import EvidenceFile, EvidenceLink, EvidenceNeed
from kaohe.web.documents.storage import store
from kaohe.web.ledger.actions import Refused
from kaohe.web.ledger.models import Line, ReportingUnit


@dataclass(frozen=True, slots=True)
class Filing:
    """What became of one file: its link, and whether the unit had it already (``again``)."""

    link: EvidenceLink
    again: bool


def file_evidence(
    *,
    permits: Permits,
    unit: ReportingUnit,
    month: str,
    subject: Subject,
    need: str,
    uploads: Sequence[tuple[str, bytes]],
    note: str = "",
) -> tuple[Filing, ...]:
    """Files uploads under a subject, all or none; content that the unit has already is only referred to.

    The content is durable before a row speaks of it. Raises ``Refused`` when one is not taken.
    """
    _need_filing(permits, unit, subject.line)
    if not uploads:
        raise Refused(_("请选择要归档的文件"))
    for name, content in uploads:
        try:
            admitted(name, content)
        except NotAdmitted as error:
            raise Refused(str(error)) from error
    kept = [(safe_name(name), store([content])) for name, content in uploads]
    with recorded("evidence.file", by=permits.person, reason=note) as entry:
        made = []
        for name, stored in kept:
            file = EvidenceFile.objects.filter(unit=unit, sha256=stored.sha256).first()
            again = file is not None
            if file is None:
                file = EvidenceFile(
                    unit=unit, sha256=stored.sha256, size=stored.size, name=name, note=note.strip()[:200],
                    filed_by=permits.person, at=clock.now(),
                )  # fmt: skip
                entry.create(file)
            link = _linked(permits, file, month, subject, need)
            if link.pk is None:
                entry.create(link)
            made.append(Filing(link, again))
    return tuple(made)


def refer_to(
    *, permits: Permits, file: EvidenceFile, month: str, subject: Subject, need: str
) -> EvidenceLink:
    """Names a filed file as evidence for another subject; its content stays where it is."""
    _need_filing(permits, file.unit, subject.line)
    evidence_file(permits, file.pk)
    with recorded("evidence.refer", by=permits.person) as entry:
        link = _linked(permits, file, month, subject, need)
        if link.pk is None:
            entry.create(link)
    return link


def remove_link(*, permits: Permits, link: EvidenceLink, reason: str) -> None:
    """Takes a reference away, with the reason; the file itself stays, and so does the history."""
    _need_filing(permits, link.unit, link.line)
    if not reason.strip():
        raise Refused(_("请写明取消引用的原因"))
    with recorded("evidence.remove_link", by=permits.person, reason=reason) as entry:
        entry.delete(link)


def ask_for(*, permits: Permits, unit: ReportingUnit, year: int, subject: Subject, text: str) -> EvidenceNeed:
    """Asks for a material besides those of the scheme, from the unit and all below it."""
    permits.need(Verb.PUBLISH, unit)
    if not text.strip():
        raise Refused(_("请写明需要什么材料"))
    row = EvidenceNeed(
        unit=unit, year=year, indicator=subject.indicator, criterion=subject.criterion,
        text=text.strip()[:120], by=permits.person, at=clock.now(),
    )  # fmt: skip
    with recorded("evidence.ask", by=permits.person) as entry:
        entry.create(row)
    return row


def remove_need(*, permits: Permits, need: EvidenceNeed, reason: str) -> None:
    """No longer asks for a material, with the reason; what was filed for it stays, among the others."""
    permits.need(Verb.PUBLISH, need.unit)
    if not reason.strip():
        raise Refused(_("请写明取消的原因"))
    with recorded("evidence.remove_need", by=permits.person, reason=reason.strip()) as entry:
        entry.delete(need)


def _need_filing(permits: Permits, unit: ReportingUnit, line: Line | None) -> None:
    if not sees(permits, unit, line):
        raise Unknown
    if not may_file(permits, unit, line):
        raise Forbidden


def _linked(permits: Permits, file: EvidenceFile, month: str, subject: Subject, need: str) -> EvidenceLink:
    """The link between a file and a need, as it is or to be made: one file answers a need once."""
    known = {requirement.text for requirement in subject.requirements}
    about = {"criterion": subject.criterion, "need": need if need in known else "", "year": int(month[:4])}
    if not subject.criterion:
        about["indicator"] = subject.indicator
    links = EvidenceLink.objects.filter(file=file, **about)
    whole = {**about, "indicator": subject.indicator}
    return links.first() or EvidenceLink(
        **whole, file=file, unit=file.unit, line=subject.line, month=month,
        order=EvidenceLink.objects.filter(unit=file.unit, year=about["year"]).count() + 1,
        by=permits.person, at=clock.now(),
    )  # fmt: skip
