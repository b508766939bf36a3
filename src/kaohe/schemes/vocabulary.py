"""Every word of the scheme language: functions, steps, combines, policies, effects, keys."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signature:
    """How many arguments a function takes (``most`` None: any number) and which named options."""

    least: int
    most: int | None
    options: frozenset[str] = frozenset()


def _fixed(count: int, *options: str) -> Signature:
    return Signature(count, count, frozenset(options))


STATISTICS = ("min", "max", "mean", "median", "sum", "sd", "count")

_PEERS = {
    **{f"peer_{s}": Signature(0 if s == "count" else 1, 1, frozenset({"within"})) for s in STATISTICS},
    **{f"all_{s}": Signature(0 if s == "count" else 1, 1) for s in STATISTICS},
    **{f"others_{s}": Signature(0 if s == "count" else 1, 1, frozenset({"within"})) for s in STATISTICS},
    "peer_quantile": _fixed(2, "within"),
    "all_quantile": _fixed(2),
    "others_quantile": _fixed(2, "within"),
}

_CHOICE = ("issuer", "document", "version")

SIGNATURES: dict[str, Signature] = {
    "at": _fixed(2),
    "target": _fixed(1, *_CHOICE),
    "due": _fixed(1),
    "pace": _fixed(1),
    "attainment": _fixed(1, *_CHOICE),
    "progress": _fixed(1, *_CHOICE),
    "gap": _fixed(1, *_CHOICE),
    "baseline": _fixed(1),
    "yoy": _fixed(1),
    "change": _fixed(1),
    "reference": _fixed(2),
    "lookup": _fixed(3),
    **_PEERS,
    "count": _fixed(1, "where"),
    "total": _fixed(2, "where"),
    "highest": _fixed(2, "where"),
    "lowest": _fixed(2, "where"),
    "events": _fixed(1, "where"),
    "nth": _fixed(1, "within", "where"),
    "streak": _fixed(1),
    "days_late": _fixed(1),
    "months_late": _fixed(1),
    "score": _fixed(1),
    "published": _fixed(1),
    "place": _fixed(1),
    "grade": _fixed(1),
    "fired": _fixed(1),
    "of": _fixed(2),
    "if": _fixed(3),
    "case": Signature(3, None),
    "first": Signature(2, None),
    "missing": _fixed(1),
    "nullif": _fixed(2),
    "every": _fixed(2),
    "min": Signature(1, None),
    "max": Signature(1, None),
    "abs": _fixed(1),
    "round": Signature(1, 2),
    "floor": _fixed(1),
    "ceil": _fixed(1),
    "ln": _fixed(1),
    "log10": _fixed(1),
    "exp": _fixed(1),
    "sqrt": _fixed(1),
    "contains": _fixed(2),
    "starts_with": _fixed(2),
}

FUNCTIONS = frozenset(SIGNATURES)
NODE_FUNCTIONS = frozenset({"score", "published", "place", "grade", "fired"})
RECORD_FUNCTIONS = frozenset({"count", "total", "highest", "lowest"})
FACT_FUNCTIONS = frozenset(
    {"target", "due", "pace", "attainment", "progress", "gap", "baseline", "yoy", "change"}
)
PERIOD_WORDS = frozenset({"last_year", "previous", "year_start", "this_month", "this_quarter", "year"})

STEPS = frozenset(
    {
        "curve", "bands", "stop", "cap", "floor", "clamp", "scale", "add", "calc", "bonus", "deduct",
        "per_unit", "goalposts", "standardise", "round", "map", "rank", "place_points",
        "percent_rank", "impute", "winsorise", "expect", "use",
    }
)  # fmt: skip
PLAIN_COMBINES = frozenset(
    {"sum", "mean", "geometric", "harmonic", "product", "min", "max", "median", "count"}
)  # fmt: skip
COMBINES = PLAIN_COMBINES | {"power", "keep", "drop"}
POLICIES = frozenset(
    {"block", "propagate", "zero", "full", "points", "peer_mean", "leave_out", "reweight", "move_to", "apart"}
)
REASONS = ("missing", "not_due", "undefined", "not_applicable")
VALUE_EFFECTS = frozenset({"score", "cap", "deduct", "void"})
VERDICT_EFFECTS = frozenset({"grade", "grade_at_most", "grade_down", "unranked", "flag"})
EFFECTS = VALUE_EFFECTS | VERDICT_EFFECTS
TIES = frozenset({"min", "max", "mean", "dense"})
PERCENT_RANKS = frozenset({"exclusive", "max", "min", "mean"})

FILE_KEYS = frozenset(
    {
        "scheme", "language", "version", "issuer", "issued", "basis", "scale", "period", "frequency",
        "peers", "eligible", "units", "tables", "imports", "parameters", "rules", "defaults", "also",
    }
)  # fmt: skip
SOURCE_KEYS = frozenset({"figure", "criteria", "each"})
EACH_KEYS = frozenset({"where", "item", "once", "group_by", "empty"})
DUTY_KEYS = frozenset({"clause", "basis", "assessor", "lead", "leader", "owner", "evidence", "duty", "note"})
NODE_KEYS = (
    frozenset(
        {
            "id", "name", "points", "extra", "weight", "combine", "steps", "applies", "counts_from",
            "need", "gates", "publish", "rank", "grades", "defaults", "for",
        }
    )
    | frozenset(REASONS) | SOURCE_KEYS | EACH_KEYS | DUTY_KEYS
)  # fmt: skip
GATE_KEYS = frozenset({"id", "name", "when", "unless", "from", "until", "basis", "effect", "note"})
BAND_TESTS = ("below", "up_to", "above", "at_least", "equals", "when")
DEFAULT_KEYS = frozenset(REASONS) | frozenset({"publish"}) | (DUTY_KEYS - {"clause"})
GRADE_KEYS = frozenset({"grade", *BAND_TESTS, "top", "seats", "ties", "within", "note"})
SEATS = ("down", "up", "half_up")
SEAT_TIES = ("include", "exclude")
KEEPS = ("first", "last", "highest", "lowest")

# Keys of the steps that are written as a mapping.
STEP_KEYS: dict[str, frozenset[str]] = {
    "curve": frozenset({"knots", "left", "right"}),
    "bands": frozenset({*BAND_TESTS, "points", "steps", "else"}),
    "stop": frozenset({"when", "points"}),
    "bonus": frozenset({"points", "cap"}),
    "deduct": frozenset({"points", "cap", "floor"}),
    "per_unit": frozenset({"base", "from", "every", "above", "below", "exact"}),
    "goalposts": frozenset({"low", "high", "to", "equal"}),
    "standardise": frozenset({"mean", "sd", "kind"}),
    "round": frozenset({"decimals", "mode", "to"}),
    "rank": frozenset({"first", "within", "where", "outside", "ties", "break", "uses"}),
    "percent_rank": frozenset({"kind", "where", "outside", "within"}),
    "winsorise": frozenset({"skew_below", "kurtosis_below", "at_most", "quantiles", "within"}),
}
COUNT_BACK_KEYS = frozenset({"table", "place", "places", "where"})
TRIM_KEYS = frozenset({"best", "worst", "then"})
PUBLISH_KEYS = frozenset({"decimals", "mode"})
RULE_KEYS = frozenset({"with", "steps", "note"})
IMPORT_KEYS = frozenset({"scheme", "sheet", "data", "link"})
ONCE_KEYS = frozenset({"per", "keep", "by", "among"})
GROUP_KEYS = frozenset({"key", "combine", "steps", "weights"})
EACH_SOURCES = frozenset({"table", "columns", "periods", "weights", "units", "linked"})
TABLE_KEYS = frozenset(
    {
        "file", "key", "unit", "units", "layout", "header", "transpose", "sheet", "date", "where",
        "reported", "note",
    }
)  # fmt: skip
