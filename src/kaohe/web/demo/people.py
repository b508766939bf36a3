"""The people of the demonstration: role names as sign-ins, their posts, and what these may do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

PASSWORD = "kaohe-demo-2005"
"""Everybody's password; told on the sign-in page of a demonstration, which only this machine reaches."""

COUNTY, TOWN = "county", "qingzhu"
VILLAGES = tuple(f"qz_v{number}" for number in range(1, 9))


@dataclass(frozen=True, slots=True)
class Seat:
    """A person with a post: role (see ``accounts.roles``) on a subtree, for lines (all when none)."""

    person: str
    title: str
    unit: str
    role: str
    on: str
    lines: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The post's code."""
        return f"{self.unit}_{self.role}_{self.person}"


_OWNERS = (
    ("经办甲", "qz_dangzheng", ("overall",)),
    ("经办乙", "qz_jingfa", ("industry",)),
    ("经办丙", "qz_caizheng", ("finance",)),
    ("经办丁", "qz_qiye", ("capital",)),
    ("经办己", "qz_nongji", ("agriculture",)),
    ("经办庚", "qz_chengjian", ("construction",)),
    ("经办戊", "qz_laodong", ("labour",)),
    ("经办辛", "qz_minzheng", ("welfare",)),
    ("经办丑", "qz_zongzhi", ("order",)),
    ("经办子", "qz_anjian", ("safety",)),
    ("经办壬", "qz_wenti", ("culture", "education")),
    ("经办癸", "qz_wuzhuang", ("armed",)),
    ("经办寅", "qz_yuer", ("family",)),
)
_DEPUTIES = (
    ("副镇长甲", ("industry", "capital")),
    ("副镇长乙", ("finance", "overall")),
    ("副镇长丙", ("agriculture", "construction")),
    ("副镇长丁", ("education", "welfare", "labour", "culture", "family")),
    ("副镇长戊", ("safety", "order", "armed")),
)
_VERIFIERS = (
    ("县统计局认定员甲", ("industry",)),
    ("县外经贸局认定员甲", ("capital",)),
    ("县财政局认定员甲", ("finance",)),
    ("县农业局认定员甲", ("agriculture", "construction")),
    ("县劳动保障局认定员甲", ("labour", "welfare", "education")),
    ("县安监局认定员甲", ("safety", "order")),
)
_REPORTERS = "甲乙丙丁戊己庚辛"
OTHER_TOWNS = {
    "jia": "甲镇", "yi": "乙镇", "bing": "丙镇", "ding": "丁镇", "wu": "戊镇", "ji": "己镇",
    "geng": "庚镇", "xin": "辛乡", "ren": "壬乡", "gui": "癸乡", "zi": "子镇",
}  # fmt: skip
ADMINISTRATORS = (("系统管理员", "system"), ("安全管理员", "security"), ("审计管理员", "audit"))
FIRST_SHOWN = ("文书甲", "经办乙", "副镇长甲", "镇长甲", "县考核办甲", "县财政局认定员甲", "村报账员甲")
"""The sign-ins that the sign-in page of a demonstration names."""


def seats() -> Iterator[Seat]:
    """Everybody with a post, in the order in which a list shows them."""
    yield Seat("文书甲", "党政办文书", "qz_dangzheng", "clerk", TOWN)
    yield Seat("镇长甲", "镇长", TOWN, "leader", TOWN)
    yield from (Seat(name, "副镇长", TOWN, "deputy", TOWN, lines) for name, lines in _DEPUTIES)
    yield from (Seat(name, "经办", office, "owner", TOWN, lines) for name, office, lines in _OWNERS)
    for letter, village in zip(_REPORTERS, VILLAGES, strict=True):
        yield Seat(f"村报账员{letter}", "村报账员", village, "owner", village)
    yield from (Seat(f"{name}文书", "党政办文书", town, "clerk", town) for town, name in OTHER_TOWNS.items())
    yield Seat("县考核办甲", "县考核办", COUNTY, "county", COUNTY)
    yield from (Seat(name, "部门认定", COUNTY, "verifier", COUNTY, lines) for name, lines in _VERIFIERS)
    yield Seat("审计员甲", "审计", COUNTY, "auditor", COUNTY)


def owner_of(unit: str, line: str) -> str:
    """Who reports a line's figures of a unit."""
    if unit in OTHER_TOWNS:
        return f"{OTHER_TOWNS[unit]}文书"
    if unit in VILLAGES:
        return f"村报账员{_REPORTERS[VILLAGES.index(unit)]}"
    if unit == TOWN:
        return next((name for name, _, lines in _OWNERS if line in lines), "文书甲")
    return next((name for name, office, _ in _OWNERS if office == unit), "文书甲")


def reviewer_of(unit: str) -> str:
    """Who reviews a unit's figures."""
    return f"{OTHER_TOWNS[unit]}文书" if unit in OTHER_TOWNS else "文书甲"


def verifier_of(line: str) -> str:
    """Who verifies a line's figures over all towns."""
    return next((name for name, lines in _VERIFIERS if line in lines), "县考核办甲")
