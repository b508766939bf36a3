"""Evidence that a person may see: for each criterion and indicator what is needed, there and missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kaohe.web.accounts.permissions import Permit, Permits, Unknown, Verb
from kaohe.web.documents.models import EvidenceFile, EvidenceLink, EvidenceNeed
from kaohe.web.documents.needs import Criterion, criteria_in, scheme_of
from kaohe.web.ledger.models import Indicator, Line, ReportingUnit


@dataclass(frozen=True, slots=True)
class Filed:
    """A file under a subject, with its number in the binder (1-2)."""

    number: str
    link: EvidenceLink


@dataclass(frozen=True, slots=True)
class Requirement:
    """A material that is needed, and the files that answer it; ``need`` when an office asked for it."""

    text: str
    files: tuple[Filed, ...]
    need: EvidenceNeed | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A criterion, or an indicator outside the scheme, with its evidence."""

    number: int
    name: str
    criterion: str
    indicator: Indicator | None
    line: Line | None
    requirements: tuple[Requirement, ...]
    others: tuple[Filed, ...]
    may_file: bool

    @property
    def key(self) -> str:
        """How an address names it."""
        return (
            f"c:{self.criterion}" if self.criterion else f"i:{self.indicator.code if self.indicator else ''}"
        )

    @property
    def files(self) -> tuple[Filed, ...]:
        """All its files, in the order of their numbers."""
        return (*(filed for need in self.requirements for filed in need.files), *self.others)

    @property
    def missing(self) -> tuple[Requirement, ...]:
        """The needs that no file answers."""
        return tuple(need for need in self.requirements if not need.files)


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """All subjects of a unit and a year that the person sees, in the scheme's order."""

    scheme: str
    subjects: tuple[Subject, ...]

    @property
    def needed(self) -> int:
        """How many materials are needed."""
        return sum(len(subject.requirements) for subject in self.subjects)

    @property
    def missing(self) -> int:
        """How many of them are not there."""
        return sum(len(subject.missing) for subject in self.subjects)

    @property
    def there(self) -> int:
        """How many of them are there."""
        return self.needed - self.missing

    def subject(self, key: str) -> Subject:
        """A subject by its key; raises ``Unknown``."""
        found = next((each for each in self.subjects if each.key == key), None)
        if found is None:
            raise Unknown
        return found

    def of_indicator(self, code: str) -> tuple[Subject, ...]:
        """The subjects that an indicator answers for."""
        return tuple(
            each for each in self.subjects if each.indicator is not None and each.indicator.code == code
        )


def evidence_page(permits: Permits, unit: ReportingUnit, year: int) -> EvidencePage:
    """What a unit needs, has and lacks in a year; five queries whatever its size."""
    permits.need(Verb.VIEW, unit)
    scheme = scheme_of(unit, year)
    criteria = criteria_in(scheme.text) if scheme else ()
    indicators = {row.code: row for row in Indicator.objects.select_related("line")}
    links = list(links_seen(permits).filter(unit=unit, year=year))
    codes = unit.path.rstrip("/").split("/")
    needs = list(
        EvidenceNeed.objects.filter(unit__code__in=codes, year=year).select_related("indicator__line")
    )
    told = _Subjects(permits, unit, links, needs)
    made = [told.of_criterion(number, each, indicators) for number, each in enumerate(criteria, 1)]
    rest = told.of_indicators(len(criteria))
    seen = tuple(each for each in (*made, *rest) if sees(permits, unit, each.line))
    return EvidencePage(scheme.name if scheme else "", seen)


def evidence_of_criterion(
    permits: Permits,
    unit: ReportingUnit,
    year: int,
    criterion: Criterion,
    indicators: Mapping[str, Indicator],
) -> Subject | None:
    """What one criterion of a unit needs, has and lacks, as on its evidence page; two queries.

    ``indicators`` are those that the criterion's words may name. None for who does not see its line.
    """
    links = list(links_seen(permits).filter(unit=unit, year=year, criterion=criterion.id))
    codes = unit.path.rstrip("/").split("/")
    asked = EvidenceNeed.objects.filter(unit__code__in=codes, year=year, criterion=criterion.id)
    told = _Subjects(permits, unit, links, list(asked.select_related("indicator__line")))
    made = told.of_criterion(criterion.number, criterion, indicators)
    return made if sees(permits, unit, made.line) else None


@dataclass(frozen=True, slots=True)
class _Subjects:
    permits: Permits
    unit: ReportingUnit
    links: Sequence[EvidenceLink]
    needs: Sequence[EvidenceNeed]

    def of_criterion(self, number: int, criterion: Criterion, indicators: Mapping[str, Indicator]) -> Subject:
        indicator = next((indicators[word] for word in criterion.words if word in indicators), None)
        return self.subject(number, criterion.name, criterion.id, indicator, criterion.evidence)

    def of_indicators(self, after: int) -> list[Subject]:
        rows = [*self.links, *self.needs]
        found = {row.indicator.pk: row.indicator for row in rows if row.indicator and not row.criterion}
        ordered = sorted(found.values(), key=lambda row: (row.line.order, row.order, row.pk))
        return [self.subject(n, row.name, "", row, ()) for n, row in enumerate(ordered, after + 1)]

    def subject(
        self, number: int, name: str, criterion: str, indicator: Indicator | None, texts: tuple[str, ...]
    ) -> Subject:
        line = indicator.line if indicator else None
        own = [each for each in self.links if _is_about(each, criterion, indicator)]
        asked = [each for each in self.needs if _is_about(each, criterion, indicator)]
        wanted: dict[str, EvidenceNeed | None] = dict.fromkeys(texts)
        wanted.update({each.text: each for each in asked if each.text not in wanted})
        ordered = sorted(own, key=lambda each: _place(each, list(wanted)))
        filed = [Filed(f"{number}-{place}", each) for place, each in enumerate(ordered, 1)]
        requirements = tuple(
            Requirement(text, tuple(each for each in filed if each.link.need == text), need)
            for text, need in wanted.items()
        )
        others = tuple(each for each in filed if each.link.need not in wanted)
        may = may_file(self.permits, self.unit, line)
        return Subject(number, name, criterion, indicator, line, requirements, others, may)


def _is_about(row: EvidenceLink | EvidenceNeed, criterion: str, indicator: Indicator | None) -> bool:
    if criterion:
        return row.criterion == criterion
    return not row.criterion and indicator is not None and row.indicator_id == indicator.pk


def _place(link: EvidenceLink, wanted: list[str]) -> tuple[int, int, int]:
    known = wanted.index(link.need) if link.need in wanted else len(wanted)
    return known, link.order, link.pk


def sees(permits: Permits, unit: ReportingUnit, line: Line | None) -> bool:
    """Whether the person sees a line of a unit; without a line, whether they see it whole."""
    return _covered(permits, Verb.VIEW, unit, line)


def may_file(permits: Permits, unit: ReportingUnit, line: Line | None) -> bool:
    """Whether the person may file evidence under a line of a unit."""
    return _covered(permits, Verb.ENTER, unit, line)


def _covered(permits: Permits, verb: Verb, unit: ReportingUnit, line: Line | None) -> bool:
    def covers(permit: Permit) -> bool:
        lines = not permit.lines or (line is not None and line.code in permit.lines)
        return lines and unit.path.startswith(permit.path)

    return any(covers(permit) for permit in permits.having(verb))


def links_seen(permits: Permits, verb: Verb = Verb.VIEW) -> QuerySet[EvidenceLink]:
    """The links that the person sees, with their file, its people and their line."""
    either = Q(pk__in=[])
    for permit in permits.having(verb):
        where = Q(unit__path__startswith=permit.path)
        either |= where & Q(line__code__in=permit.lines) if permit.lines else where
    rows = EvidenceLink.objects.filter(either)
    return rows.select_related("file__filed_by", "unit", "line", "indicator__line", "by")


def evidence_file(permits: Permits, pk: int) -> EvidenceFile:
    """A file that the person may take; raises ``Unknown`` for one under no line of theirs."""
    link = links_seen(permits).filter(file_id=pk).first()
    if link is None:
        raise Unknown
    return link.file


def link(permits: Permits, pk: int) -> EvidenceLink:
    """A link that the person sees; raises ``Unknown``."""
    row = links_seen(permits).filter(pk=pk).first()
    if row is None:
        raise Unknown
    return row


def files_of(permits: Permits, unit: ReportingUnit) -> Iterable[EvidenceFile]:
    """The files of a unit that the person sees, newest first: to refer to one again."""
    keys = links_seen(permits).filter(unit=unit).values("file_id")
    return EvidenceFile.objects.filter(pk__in=keys).order_by("-id")[:200]


def need(permits: Permits, pk: int) -> EvidenceNeed:
    """A material that an office asked for, of a line that the person sees; raises ``Unknown``."""
    row = EvidenceNeed.objects.select_related("unit", "indicator__line").filter(pk=pk).first()
    if row is None or not sees(permits, row.unit, row.indicator.line if row.indicator else None):
        raise Unknown
    return row
