"""Writes src/kaohe/schemes/kaohe-scheme-1.schema.json: the shape of a scheme file, from the vocabulary.

Editors that know JSON Schema complete and check keys with it; what an expression says, only kaohe can check.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from kaohe.quantities.rounding import MODES
from kaohe.schemes import vocabulary as v

PLACE = Path(__file__).resolve().parent.parent / "src" / "kaohe" / "schemes" / "kaohe-scheme-1.schema.json"
Schema = dict[str, object]

# Every scalar of a scheme is text to the language; YAML readers see numbers and truth values as well.
SCALAR: Schema = {"type": ["string", "number", "boolean"]}
TEXT: Schema = SCALAR


def main() -> None:
    PLACE.write_text(json.dumps(schema(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def schema() -> Schema:
    """The JSON Schema (draft 2020-12) of a scheme file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://kaohe.invalid/kaohe-scheme-1.schema.json",
        "title": "考核办法 kaohe/1",
        "description": "Turns facts about reporting units into scores: docs/reference/scheme-language.md",
        **mapping({**node_properties(), **file_properties()}, required=["scheme", "language"]),
        **one_source(),
        "$defs": definitions(),
    }


def definitions() -> dict[str, Schema]:
    return {
        "expression": {
            "description": "算式,或按类取值 {by: 属性, 类: 值, else: 值}",
            "anyOf": [SCALAR, ref("byTable")],
        },
        "byTable": {
            "type": "object",
            "properties": {"by": ref("expression")},
            "required": ["by"],
            "additionalProperties": ref("expression"),
        },
        "node": {**mapping(node_properties()), **one_source()},
        "item": {"anyOf": [ref("expression"), ref("node")]},
        "step": {"oneOf": [mapping({word: body}, required=[word]) for word, body in step_bodies().items()]},
        "steps": list_of(ref("step")),
        "combine": combine(),
        "policy": policy(),
        "ranking": ranking(),
        "publish": publish(),
        "gate": gate(),
        "grade": grade(),
        "band": mapping(
            {
                **expressions(v.BAND_TESTS),
                "points": ref("expression"),
                "steps": ref("steps"),
                "else": words(("true", "keep")),
            }
        ),
        "slot": {"type": "string", "pattern": r"\{[^}]+\}"},
        "repetition": {"type": "object", "additionalProperties": {"anyOf": [SCALAR, list_of(SCALAR)]}},
    }


def file_properties() -> dict[str, Schema]:
    kinds: dict[str, Schema] = {
        "language": {"const": "kaohe/1"},
        "scale": ref("expression"),
        "eligible": ref("expression"),
        "units": ref("expression"),
        "tables": named({"anyOf": [SCALAR, table()]}),
        "imports": named(mapping(texts(v.IMPORT_KEYS))),
        "parameters": named(ref("expression")),
        "rules": named(
            mapping({"with": list_of(SCALAR), "steps": ref("steps"), "note": TEXT}, required=["steps"])
        ),
        "also": list_of(ref("node")),
        "defaults": defaults(),
    }
    return {key: kinds.get(key, TEXT) for key in sorted(v.FILE_KEYS)}


def node_properties() -> dict[str, Schema]:
    kinds: dict[str, Schema] = {
        **expressions(("points", "weight", "figure", "applies", "where")),
        **{reason: ref("policy") for reason in (*v.REASONS, "empty")},
        **{key: {"anyOf": [SCALAR, list_of(SCALAR)]} for key in v.DUTY_KEYS},
        "extra": pair(),
        "criteria": list_of(ref("node")),
        "each": each(),
        "item": ref("item"),
        "once": once(),
        "group_by": group_by(),
        "combine": ref("combine"),
        "steps": ref("steps"),
        "need": whole(),
        "gates": list_of(ref("gate")),
        "publish": ref("publish"),
        "rank": ref("ranking"),
        "grades": list_of(ref("grade")),
        "defaults": defaults(),
        "for": ref("repetition"),
    }
    return {key: kinds.get(key, TEXT) for key in sorted(v.NODE_KEYS)}


def one_source() -> Schema:
    """Exactly one of figure, criteria, each."""
    return {"oneOf": [{"required": [source]} for source in sorted(v.SOURCE_KEYS)]}


def defaults() -> Schema:
    properties = node_properties_of(v.DEFAULT_KEYS)
    return mapping(properties)


def node_properties_of(keys: Iterable[str]) -> dict[str, Schema]:
    kinds: dict[str, Schema] = {**{reason: ref("policy") for reason in v.REASONS}, "publish": ref("publish")}
    return {key: kinds.get(key, {"anyOf": [SCALAR, list_of(SCALAR)]}) for key in sorted(keys)}


def step_bodies() -> dict[str, Schema]:
    """What may stand after the word of each step."""
    plain = ref("expression")
    own: dict[str, Schema] = {
        "curve": {"anyOf": [knots(), step("curve", ["knots"], knots=knots())]},
        "bands": list_of(ref("band")),
        "stop": step("stop", ["when"]),
        "clamp": pair(),
        "bonus": {"anyOf": [plain, step("bonus", ["points"])]},
        "deduct": {"anyOf": [plain, step("deduct", ["points"])]},
        "per_unit": step("per_unit", ["every"], exact=truth()),
        "goalposts": step("goalposts", ["low", "high"], to=pair()),
        "standardise": step("standardise", [], kind=words(("sample", "population"))),
        "round": {"anyOf": [whole(), step("round", [], decimals=whole(), mode=words(MODES))]},
        "map": named(ref("expression")),
        "rank": ref("ranking"),
        "place_points": list_of(plain),
        "percent_rank": {
            "anyOf": [words(v.PERCENT_RANKS), step("percent_rank", [], kind=words(v.PERCENT_RANKS))]
        },
        "winsorise": {
            **step("winsorise", [], at_most=whole(), quantiles=pair()),
            "anyOf": [{"required": ["quantiles"]}, {"required": ["skew_below", "at_most"]}],
        },
        "use": {"anyOf": [TEXT, {**named(plain), "required": ["rule"]}]},
    }
    return {word: own.get(word, plain) for word in sorted(v.STEPS)}


def step(word: str, required: list[str], **kinds: Schema) -> Schema:
    """A step written as a mapping: its keys are expressions unless another kind is given."""
    return mapping({**expressions(v.STEP_KEYS[word]), **kinds}, required)


def combine() -> Schema:
    trim = mapping({"best": whole(), "worst": whole(), "then": words(v.PLAIN_COMBINES)})
    forms = [mapping({"power": ref("expression")}, ["power"])]
    forms += [mapping({word: trim}, [word]) for word in ("keep", "drop")]
    return {"anyOf": [words(v.PLAIN_COMBINES), *forms]}


def policy() -> Schema:
    return {
        "anyOf": [
            words(v.POLICIES - {"points", "move_to"}),
            mapping({"points": ref("expression")}, ["points"]),
            mapping({"move_to": list_of(TEXT)}, ["move_to"]),
        ]
    }


def ranking() -> Schema:
    count_back = mapping(
        {"table": TEXT, "place": ref("expression"), "places": whole(), "where": ref("expression")},
        ["table", "place"],
    )
    link = {
        "anyOf": [
            ref("expression"),
            mapping({"low": ref("expression")}, ["low"]),
            mapping({"high": ref("expression")}, ["high"]),
            mapping({"count_back": count_back}, ["count_back"]),
        ]
    }
    options = step(
        "rank",
        [],
        first=words(("high", "low")),
        ties=words(v.TIES),
        uses=words(("exact", "published")),
        **{"break": list_of(link)},
    )
    return {"anyOf": [words(("true", "false", "high", "low")), options]}


def publish() -> Schema:
    return {"anyOf": [whole(), mapping({"decimals": whole(), "mode": words(MODES)}, ["decimals"])]}


def gate() -> Schema:
    effect = {**mapping({key: ref("expression") for key in sorted(v.EFFECTS)}), "minProperties": 1}
    kinds: dict[str, Schema] = {**expressions(("when", "unless")), "effect": effect}
    properties = {key: kinds.get(key, TEXT) for key in sorted(v.GATE_KEYS)}
    return mapping(properties, ["when", "effect"])


def grade() -> Schema:
    kinds: dict[str, Schema] = {
        "grade": TEXT,
        "note": TEXT,
        "seats": words(v.SEATS),
        "ties": words(v.SEAT_TIES),
        "for": ref("repetition"),
    }
    keys = sorted(v.GRADE_KEYS | {"for"})
    return mapping({key: kinds.get(key, ref("expression")) for key in keys}, ["grade"])


def each() -> Schema:
    periods = {"anyOf": [words(("months", "quarters")), list_of(TEXT)]}
    kinds: dict[str, Schema] = {
        "columns": {"anyOf": [TEXT, list_of(TEXT)]},
        "periods": periods,
        "weights": list_of(ref("expression")),
        "units": words(("children",)),
    }
    source = mapping({key: kinds.get(key, TEXT) for key in sorted(v.EACH_SOURCES)})
    return {"anyOf": [TEXT, source]}


def once() -> Schema:
    per = {"anyOf": [ref("expression"), list_of(ref("expression"))]}
    by: Schema = ref("expression")
    return mapping({"per": per, "keep": words(v.KEEPS), "by": by, "among": words(("all", "unit"))}, ["per"])


def group_by() -> Schema:
    parts = {
        "key": ref("expression"),
        "combine": ref("combine"),
        "steps": ref("steps"),
        "weights": named(ref("expression")),
    }
    return {"anyOf": [SCALAR, mapping(parts, ["key"])]}


def table() -> Schema:
    columns: Schema = {"anyOf": [TEXT, list_of(TEXT)]}
    kinds: dict[str, Schema] = {
        "key": columns,
        "unit": columns,
        "units": {"anyOf": [truth(), list_of(TEXT)]},
        "header": {"anyOf": [whole(), list_of(whole())]},
        "transpose": truth(),
        "layout": words(("units_across",)),
        **expressions(("where", "reported")),
    }
    return mapping({key: kinds.get(key, TEXT) for key in sorted(v.TABLE_KEYS)})


# --- small shapes -----------------------------------------------------------------------------------


def ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def mapping(properties: dict[str, Schema], required: Iterable[str] = ()) -> Schema:
    """A mapping of these keys and no others."""
    needed = list(required)
    return {
        "type": "object",
        "properties": properties,
        **({"required": needed} if needed else {}),
        "additionalProperties": False,
    }


def named(kind: Schema) -> Schema:
    """A mapping with names of the author's choice."""
    return {"type": "object", "additionalProperties": kind}


def list_of(kind: Schema) -> Schema:
    return {"type": "array", "items": kind}


def pair() -> Schema:
    return {**list_of(ref("expression")), "minItems": 2, "maxItems": 2}


def knots() -> Schema:
    return {**list_of(pair()), "minItems": 1}


def words(allowed: Iterable[str]) -> Schema:
    """One of these words, or a {name} to be filled; true and false are truth values to a YAML reader."""
    truths = [word == "true" for word in sorted(allowed) if word in ("true", "false")]
    return {"anyOf": [{"enum": [*sorted(allowed), *truths]}, ref("slot")]}


def truth() -> Schema:
    return words(("true", "false"))


def whole() -> Schema:
    return {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^-?\d+$"}, ref("slot")]}


def expressions(keys: Iterable[str]) -> dict[str, Schema]:
    return {key: ref("expression") for key in sorted(keys)}


def texts(keys: Iterable[str]) -> dict[str, Schema]:
    return dict.fromkeys(sorted(keys), TEXT)


if __name__ == "__main__":
    main()
