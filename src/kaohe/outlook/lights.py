"""Lights: what word and shape a row of the board gets, by limits that are configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from kaohe.facts.cells import parse_number
from kaohe.facts.errors import DataError

_LIMITS = ("behind", "ahead", "points_kept")
_TONES = frozenset({"red", "amber", "green", "due", "missing", "doubt"})


@dataclass(frozen=True, slots=True)
class Light:
    """A status: shape and word survive grey printing, ``tone`` is its colour."""

    key: str
    shape: str
    word: str
    tone: str

    @property
    def text(self) -> str:
        """Shape and word."""
        return f"{self.shape} {self.word}"


@dataclass(frozen=True, slots=True)
class Lights:
    """The limits, in percentage points or as a share of the points, and the lights by key."""

    behind: Fraction
    ahead: Fraction
    points_kept: Fraction
    lights: Mapping[str, Light]
    counts: Mapping[str, str]

    def __getitem__(self, key: str) -> Light:
        return self.lights[key]

    def by_schedule(self, reached: Fraction, gap: Fraction, piles_up: bool) -> Light:
        """The light of a target: ``reached`` is its attainment as a share, ``gap`` the percentage points
        ahead of its own schedule, ``piles_up`` whether it grows over the year (已完成) or is a level (达标).

        >>> lights = usual_lights()
        >>> lights.by_schedule(Fraction("0.657"), Fraction("-9.3"), True).text
        '▼ 滞后'
        """
        if gap < -self.behind:
            return self["behind"]
        if gap < 0:
            return self["slow"]
        if reached >= 1:
            return self["done" if piles_up else "met"]
        return self["ahead" if gap > self.ahead else "normal"]

    def by_points(self, kept: Fraction) -> Light:
        """The light of a criterion without a schedule, from the share of its points that it keeps."""
        if kept >= 1:
            return self["met"]
        return self["normal" if kept >= self.points_kept else "watch"]


@cache
def usual_lights() -> Lights:
    """The lights that come with Kaohe."""
    return _lights(_usual(), "lights.yaml")


def _usual() -> dict[str, Any]:
    text = files("kaohe.outlook").joinpath("lights.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))


def read_lights(path: str | Path) -> Lights:
    """Limits and words of a file written like ``kaohe/outlook/lights.yaml``; what it leaves out is as usual.

    Raises ``DataError`` naming the entry that is not a number, not a light or of no known tone.
    """
    try:
        written = yaml.safe_load(Path(path).read_text("utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DataError(f"{path}:读不出灯的设置({error.__class__.__name__})") from None
    usual = _usual()
    merged = {part: {**usual[part], **(written.get(part) or {})} for part in usual}
    return _lights(merged, str(path))


def _lights(written: Mapping[str, Any], label: str) -> Lights:
    limits = {key: _limit(written["limits"][key], f"{label}:limits.{key}") for key in _LIMITS}
    lights = {key: _light(key, entry, label) for key, entry in written["lights"].items()}
    return Lights(**limits, lights=lights, counts=dict(written["counts"]))


def _limit(value: object, label: str) -> Fraction:
    number = parse_number(str(value))
    if number is None or number < 0:
        raise DataError(f"{label} 应为 0 以上的数,实为“{value}”")
    return number


def _light(key: str, entry: Mapping[str, str], label: str) -> Light:
    if entry.get("tone") not in _TONES:
        tones = "、".join(sorted(_TONES))
        raise DataError(f"{label}:lights.{key}.tone 应为 {tones} 之一,实为“{entry.get('tone')}”")
    return Light(key, str(entry["shape"]), str(entry["word"]), entry["tone"])
