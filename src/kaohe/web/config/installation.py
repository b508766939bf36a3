"""The data folder of one installation: everything it keeps, and what the administrator may set.

::

    DATA/                 mode 0700
      site.toml           language, clock, database, who may connect: see ``Site``
      secret.key          Django's secret key, mode 0600
      ledger.sqlite3      the database, unless site.toml or DATABASE_URL names PostgreSQL
      evidence/           evidence files by their hash
      keys/               the key that signs checkpoints of the audit ledger; certificates of ``serve --tls``
      static/             style sheets and scripts as they are sent; gathered again when they change
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from kaohe.facts.errors import KaoheError
from kaohe.messages import text

VARIABLE = "KAOHE_DATA"
TLS, BEHIND_PROXY = "KAOHE_TLS", "KAOHE_BEHIND_PROXY"
"""What ``kaohe serve --tls`` and ``--behind-proxy`` tell its worker processes."""
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Site:
    """What one installation is: its folder and the settings of ``site.toml``.

    ``today`` fixes the date that deadlines and "this month" go by: only a demonstration has one.
    ``hosts`` are the names under which the site is reached; ``behind_proxy`` trusts the proxy's word that a
    request came by https. ``totp_roles`` are the administrators and verbs of whom a one-time code is asked.
    ``remind_days`` is how many working days ahead of its due day a task is reminded of.
    """

    folder: Path
    name: str = "考核"
    demonstration: bool = False
    today: date | None = None
    database_url: str = ""
    hosts: tuple[str, ...] = LOOPBACK
    behind_proxy: bool = False
    tls: bool = False
    idle_minutes: int = 30
    hash_name: str = "sha256"
    totp_roles: tuple[str, ...] = ()
    remind_days: int = 5

    @property
    def evidence(self) -> Path:
        """Where evidence files are kept."""
        return self.folder / "evidence"

    @property
    def keys(self) -> Path:
        """Where the signing keys are kept."""
        return self.folder / "keys"

    @property
    def secure(self) -> bool:
        """Whether browsers reach the site by https only."""
        return self.tls or self.behind_proxy

    def secret_key(self) -> str:
        """Django's secret key, made by ``kaohe init``."""
        return (self.folder / "secret.key").read_text(encoding="ascii").strip()


def site_of(folder: Path) -> Site:
    """The installation in ``folder``; ``DATABASE_URL`` in the environment goes before ``site.toml``.

    Raises ``KaoheError`` where site.toml is not what it should be.
    """
    file = folder / "site.toml"
    told = _read(file) if file.is_file() else {}
    told["hosts"] = tuple(told.get("hosts", LOOPBACK))
    told["totp_roles"] = tuple(told.get("totp_roles", ()))
    if url := os.environ.get("DATABASE_URL", ""):
        told["database_url"] = url
    for variable, setting in ((TLS, "tls"), (BEHIND_PROXY, "behind_proxy")):
        if os.environ.get(variable) == "1":
            told[setting] = True
    return Site(folder=folder, **told)


def _read(file: Path) -> dict[str, Any]:
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KaoheError(f"{file}:写法有误({error})") from None
    known = {field.name for field in fields(Site)} - {"folder"}
    if strange := sorted(set(told) - known):
        raise KaoheError(f"{file}:没有“{strange[0]}”这一项,可用的有 {'、'.join(sorted(known))}")
    return told


def quoted(value: str) -> str:
    """A TOML basic string.

    >>> quoted('a "b"')
    '"a \\\\"b\\\\""'
    """
    if any(ord(char) < 32 or ord(char) == 127 for char in value):
        raise KaoheError(text("init.control", value=repr(value)))
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def site_from_environment() -> Site:
    """The installation that the variable ``KAOHE_DATA`` names."""
    named = os.environ.get(VARIABLE)
    if not named:
        raise RuntimeError(f"环境变量 {VARIABLE} 应写明数据文件夹(由 kaohe init 建立)")
    return site_of(Path(named))


def database_settings(site: Site) -> dict[str, Any]:
    """Django's settings of the database: SQLite in the folder, or the PostgreSQL that a URL names.

    Both keep what they acknowledge: on SQLite the write-ahead log is synchronised at each commit, and a
    transaction takes the write lock when it begins, so that no writer fails half way.
    """
    return _postgresql(site.database_url) if site.database_url else _sqlite(site.folder / "ledger.sqlite3")


def _sqlite(file: Path) -> dict[str, Any]:
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
        # Closing the last connection folds the log into the file: not at the end of every request.
        "CONN_MAX_AGE": 60,
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise KaoheError(f"DATABASE_URL 应以 postgresql:// 开头,实为 {parts.scheme}://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {"options": "-c synchronous_commit=on"},
        "CONN_MAX_AGE": 60,
        # A database that was started anew must not cost everybody who was connected an error.
        "CONN_HEALTH_CHECKS": True,
    }
