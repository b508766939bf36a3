"""Makes a new data folder: keys, tables, and the three administrators who will make everything else."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kaohe.facts.errors import KaoheError
from kaohe.messages import text
from kaohe.web.config.installation import LOOPBACK, site_of
from kaohe.web.config.server import set_up

# No letter or figure that is taken for another when it is copied from paper.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_ADMINISTRATORS = (
    ("xitong", "系统管理员", "system"),
    ("anquan", "安全管理员", "security"),
    ("shenji", "审计管理员", "audit"),
)


@dataclass(frozen=True, slots=True)
class Administrator:
    """One of the three, with the password that must be changed at the first sign-in."""

    username: str
    title: str
    password: str


def found(folder: Path, *, name: str, addresses: Sequence[str] = ()) -> list[Administrator]:
    """Makes the installation in ``folder``, which must be empty or absent.

    ``addresses`` are the host names under which it will be reached. The database is SQLite in the folder, or
    the one that ``DATABASE_URL`` names, which must hold no tables of ours. Raises ``KaoheError``; what was made
    up to then is removed.
    """
    made = _empty_folder(folder)
    try:
        _write_files(folder, name, addresses)
        set_up(site_of(folder))
        _refuse_used_database()
        migrate()
        _make_signing_key(folder / "keys")
        return _appoint()
    except BaseException:
        _remove(folder, made)
        raise


def migrate() -> int:
    """Brings the tables to this version of the program; returns how many migrations were applied."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    call_command("migrate", interactive=False, verbosity=0)
    return len(waiting)


def write_secret(file: Path, content: str) -> None:
    """Writes a new file that only its owner may read."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(content)


def one_time_password() -> str:
    """Sixteen letters and figures in groups of four: 79 bits, and easy to copy from paper."""
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(16))
    return "-".join(drawn[i : i + 4] for i in range(0, 16, 4))


def _empty_folder(folder: Path) -> bool:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise KaoheError(text("init.not_empty", path=folder))
    os.umask(0o077)
    made = not folder.exists()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return made


def _write_files(folder: Path, name: str, addresses: Sequence[str]) -> None:
    write_secret(folder / "secret.key", secrets.token_urlsafe(64))
    write_secret(folder / "site.toml", _site_file(name, addresses, os.environ.get("DATABASE_URL", "")))
    (folder / "evidence").mkdir(mode=0o700)


def _site_file(name: str, addresses: Sequence[str], database_url: str) -> str:
    hosts = list(dict.fromkeys((*addresses, *LOOPBACK)))
    lines = [
        "# 本站的设置;改后重新启动 kaohe serve 生效。",
        f"name = {_quoted(name)}",
        "# 浏览器用来访问本站的主机名或 IP,不带 https:// 和端口。",
        f"hosts = [{', '.join(map(_quoted, hosts))}]",
        "# 多少分钟没有操作就退出登录。",
        "idle_minutes = 30",
    ]
    if database_url:
        lines += ["# 数据库;环境变量 DATABASE_URL 优先。", f"database_url = {_quoted(database_url)}"]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    """A TOML basic string."""
    if any(ord(char) < 32 for char in value):
        raise KaoheError(text("init.control", value=repr(value)))
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _make_signing_key(keys: Path) -> None:
    from kaohe.web.audit.keys import make_key

    make_key(keys)


def _refuse_used_database() -> None:
    from django.db import connection
    from django.db.utils import OperationalError

    try:
        tables = connection.introspection.table_names()
    except OperationalError as error:
        raise KaoheError(text("init.no_database", reason=str(error).strip().split("\n")[0])) from None
    if tables:
        raise KaoheError(text("init.used_database", table=tables[0]))


def _appoint() -> list[Administrator]:
    from kaohe.web.accounts.models import Person
    from kaohe.web.audit.recording import recorded

    appointed = [Administrator(username, title, one_time_password()) for username, title, _ in _ADMINISTRATORS]
    people = [
        Person(username=username, name=title, admin_role=role, must_change_password=True)
        for username, title, role in _ADMINISTRATORS
    ]
    for person, one in zip(people, appointed, strict=True):
        person.set_password(one.password)
    with recorded("site.init", by=None, reason=f"本机 {socket.gethostname()} 建立") as entry:
        entry.create(*people)
    return appointed


def _remove(folder: Path, made: bool) -> None:
    from django.conf import settings
    from django.db import connections

    if settings.configured:
        connections.close_all()
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if made:
        folder.rmdir()
