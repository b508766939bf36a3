"""The way from a command to the web app, which is imported only when such a command runs."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from kaohe.cli.faults import bad_input
from kaohe.messages import text

if TYPE_CHECKING:
    from kaohe.web.config.installation import Site


def need_web() -> None:
    """Raises ``KaoheError`` where ``kaohe[web]`` is not installed."""
    if any(find_spec(name) is None for name in ("django", "granian", "axes", "csp", "whitenoise")):
        raise bad_input(text("error.no_web"))


def installation(data: Path) -> Site:
    """The web app made ready for a data folder. Raises ``KaoheError`` where ``data`` is none."""
    need_web()
    if not (data / "secret.key").is_file():
        raise bad_input(text("serve.no_installation", path=data))
    from kaohe.web.config.installation import site_of
    from kaohe.web.config.server import set_up

    os.umask(0o077)
    site = site_of(data)
    set_up(site)
    return site
