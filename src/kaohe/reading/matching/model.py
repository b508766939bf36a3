"""A claim beside the place of the ledger that it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kaohe.facts.model import Form
from kaohe.quantities import Period
from kaohe.reading.claims import Claim
from kaohe.reading.matching.catalogue import Facet

SURE = Decimal("0.75")
"""From this confidence on a match may be used without asking."""

ALIKE = Decimal("0.8")
"""Names must be at least so much alike as well."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An indicator that a claim may be about, with how alike they are (0 to 1)."""

    indicator: str
    name: str
    likeness: Decimal


@dataclass(frozen=True, slots=True)
class Match:
    """Where a claim belongs in a ledger: reporting unit, indicator, period; empty where it is not known.

    ``main`` is the indicator that a ratio speaks of, known also when the ledger keeps no such ratio;
    ``main_confidence`` is how sure that is.
    ``value`` is signed and in ``measure``, as printed; None for a range or a structure. ``form`` is set for
    a target. ``likeness`` is how alike the names are; ``confidence`` counts everything, and is below
    ``SURE`` whenever another indicator or unit fits nearly as well: then ``candidates`` or ``units`` tell.
    """

    claim: Claim
    facet: Facet
    unit: str = ""
    indicator: str = ""
    main: str = ""
    period: Period | None = None
    value: Fraction | None = None
    measure: str = ""
    form: Form | None = None
    estimated: bool = False
    likeness: Decimal = Decimal(0)
    confidence: Decimal = Decimal(0)
    main_confidence: Decimal = Decimal(0)
    candidates: tuple[Candidate, ...] = ()
    units: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether it may be used without asking."""
        return (
            bool(self.unit and self.indicator and self.period)
            and self.confidence >= SURE
            and self.likeness >= ALIKE
        )

    @property
    def is_sure_of_main(self) -> bool:
        """Whether the indicator that it speaks of is sure, recorded as such or not."""
        place = bool(self.unit and self.main and self.period)
        return place and self.main_confidence >= SURE and self.likeness >= ALIKE

    @property
    def is_target(self) -> bool:
        """Whether it is what is asked for, not what is."""
        return self.form is not None

    @property
    def slot(self) -> tuple[str, str, Period | None, bool]:
        """What a ledger keeps one figure of."""
        return self.unit, self.indicator, self.period, self.is_target


@dataclass(frozen=True, slots=True)
class Matches:
    """The matches of a document's claims, one a claim; its period and the unit whose report it is.

    ``unit`` is empty where several of ``units`` fit equally.
    """

    period: Period | None
    unit: str
    rows: tuple[Match, ...]
    units: tuple[str, ...] = ()
