"""Figures read the wrong way round: a growth rate of a share."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaohe.schemes import model as m
from kaohe.schemes.expressions import Call, Name, walk
from kaohe.schemes.findings import Finding, warning

_SHARE = re.compile(r"(率|占比|比重|比例|_rate|_share|_ratio|_percent)$")


def check_growth_of_shares(scheme: m.Scheme) -> Iterator[Finding]:
    """A warning for yoy of what its name calls a share; with data the definitions decide as well."""
    for top in m.expressions_of(scheme):
        for part in walk(top):
            if isinstance(part, Call) and part.function == "yoy" and isinstance(part.arguments[0], Name):
                name = part.arguments[0].text
                if _SHARE.search(name):
                    yield growth_of_share(name, part)


def growth_of_share(name: str, call: Call) -> Finding:
    return warning(
        "yoy-of-share", f"{name} 是比率,同比增幅(yoy)会把百分点说成百分数;请用 change({name})", call.at
    )
