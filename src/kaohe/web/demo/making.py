"""A data folder of the demonstration: made once, kept in a cache, copied for use."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

import kaohe
from kaohe.demo import folder as demo_files
from kaohe.web.audit.keys import make_key
from kaohe.web.config.installation import VARIABLE

SITE = """\
name = "考核(演示)"
demonstration = true
today = 2005-10-12
"""
_MADE_FROM = ("accounts", "assessment", "audit", "config", "demo", "documents", "ledger", "supervision")


def make(folder: Path) -> None:
    """Makes the demonstration's data folder in an empty place, in a process of its own."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "site.toml").write_text(SITE, encoding="utf-8")
    key = folder / "secret.key"
    key.touch(mode=0o600)
    key.write_text(secrets.token_urlsafe(48), encoding="ascii")
    make_key(folder / "keys")
    environment = {**os.environ, VARIABLE: str(folder), "DJANGO_SETTINGS_MODULE": "kaohe.web.config.settings"}
    environment.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "-m", "kaohe.web.demo"], check=True, env=environment)


def prebuilt(cache: Path | None = None) -> Path:
    """The kept demonstration of this version of the program; made when it is not there yet."""
    kept = (cache or _cache()) / f"demo-{kaohe.__version__}-{_fingerprint()}"
    if not kept.is_dir():
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=".demo-", dir=kept.parent))
        try:
            make(building)
            building.rename(kept)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return kept


def copy_for_use(folder: Path, cache: Path | None = None) -> None:
    """A fresh demonstration in ``folder``, with a secret key of its own."""
    shutil.copytree(prebuilt(cache), folder)
    folder.chmod(0o700)
    (folder / "secret.key").write_text(secrets.token_urlsafe(48), encoding="ascii")


def _cache() -> Path:
    usual = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(usual) / "kaohe"


def _fingerprint() -> str:
    """Tells versions apart by the files that a demonstration is made from."""
    digest = sha256()
    web = Path(__file__).resolve().parent.parent
    files = [path for app in _MADE_FROM for path in (web / app).rglob("*.py")]
    files += [path for path in (web.parent / "writing" / "templates").rglob("*") if path.is_file()]
    files += [path for path in demo_files().rglob("*") if path.suffix in (".csv", ".yaml")]
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
