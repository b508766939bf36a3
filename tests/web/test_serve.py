"""``kaohe init`` and ``kaohe serve`` as real processes: what is made, what is refused, what is answered."""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from site_process import environment, free_port, kaohe, new_database, served

WORD = "示例县考核"


@dataclass(frozen=True)
class Made:
    """A site that ``kaohe init`` made, and what it printed."""

    folder: Path
    printed: str
    database: str


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("site") / "data"
    with new_database() as url:
        more = {"DATABASE_URL": url} if url else {}
        done = kaohe("init", folder, "--name", WORD, "--address", "kaohe.example", **more)
        assert done.returncode == 0, done.stderr
        yield Made(folder, done.stdout, url)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder with a secret key only: enough for what is refused before the database is looked at."""
    (tmp_path / "secret.key").write_text("x" * 60, encoding="ascii")
    return tmp_path


# --- init


def test_only_the_owner_may_read_what_init_made(made: Made) -> None:
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700
    for path in made.folder.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert f'name = "{WORD}"' in (made.folder / "site.toml").read_text(encoding="utf-8")


def test_three_different_passwords_are_printed(made: Made) -> None:
    passwords = re.findall(r"\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b", made.printed)
    assert len(set(passwords)) == 3
    kept = b"".join(path.read_bytes() for path in made.folder.rglob("*") if path.is_file())
    assert not any(password.encode() in kept for password in passwords)


def test_a_folder_in_use_is_refused_and_left_alone(made: Made) -> None:
    before = sorted(path.name for path in made.folder.iterdir())
    done = kaohe("init", made.folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "不是空文件夹" in done.stderr
    assert sorted(path.name for path in made.folder.iterdir()) == before


def test_nothing_is_left_when_the_database_does_not_answer(tmp_path: Path) -> None:
    url = f"postgresql://nobody:x@127.0.0.1:{free_port()}/nothing"
    done = kaohe("init", tmp_path / "data", DATABASE_URL=url)
    assert done.returncode == 2 and "数据库连不上" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_new_ledger_verifies(made: Made) -> None:
    done = kaohe("verify", made.folder)
    assert done.returncode == 0, done.stdout + done.stderr


# --- serve


def test_it_answers_and_stops(made: Made) -> None:
    with served(made.folder) as site:
        status, _, told = site.get("/healthz")
        assert status == 200 and json.loads(told)["ok"]
        status, headers, page = site.get("/login/")
        assert status == 200 and "default-src 'self'" in headers["content-security-policy"]
        style = re.search(r'href="(/static/ui/kaohe\.[^"]+\.css)"', page)
        assert style and site.get(style[1])[0] == 200
        assert site.get("/board/?month=secret-word")[0] == 302
        assert site.stop() == 0
    rows = [json.loads(line) for line in site.log.splitlines() if line.startswith("{")]
    asked = [row for row in rows if row["logger"] == "kaohe.request"]
    assert {"route": "board", "method": "GET", "status": 302}.items() <= asked[-1].items()
    assert all(re.fullmatch("[0-9a-f]{32}", row["request_id"]) for row in asked)
    assert "secret-word" not in site.log and "127.0.0.1" not in json.dumps(asked)


def test_ctrl_c_stops_it(made: Made) -> None:
    with served(made.folder, "--workers", "1") as site:
        assert site.stop(signal.SIGINT) == 0


def test_tls_with_its_own_authority(made: Made) -> None:
    authority = made.folder / "keys" / "ca.crt"
    with served(made.folder, "--tls", authority=authority, scheme="https") as site:
        status, headers, _ = site.get("/login/")
        assert status == 200
        assert headers["strict-transport-security"] == "max-age=31536000"
        assert (
            headers["set-cookie"].strip().startswith("__Host-csrftoken") and "Secure" in headers["set-cookie"]
        )
    for name in ("ca.key", "server.key"):
        assert stat.S_IMODE((made.folder / "keys" / name).stat().st_mode) == 0o600


def test_behind_a_proxy(made: Made) -> None:
    with served(made.folder, "--behind-proxy") as site:
        assert site.get("/healthz")[0] == 200
        status, headers, _ = site.get("/login/", Host="kaohe.example")
        assert (status, headers["location"]) == (301, "https://kaohe.example/login/")
        status, headers, _ = site.get("/login/", Host="kaohe.example", X_Forwarded_Proto="https")
        assert status == 200 and "Secure" in headers["set-cookie"]


def test_djangos_own_check_has_nothing_to_say(made: Made) -> None:
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    settings = {"DJANGO_SETTINGS_MODULE": "kaohe.web.config.settings", "KAOHE_DATA": str(made.folder)}
    done = subprocess.run(
        command,
        env=environment(**settings, KAOHE_BEHIND_PROXY="1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


# --- refused


def test_plain_http_is_for_this_machine_only(bare: Path) -> None:
    done = kaohe("serve", bare, "--host", "0.0.0.0")
    assert done.returncode == 2 and "明文 http" in done.stderr


def test_a_site_nobody_could_reach_is_refused(bare: Path) -> None:
    done = kaohe("serve", bare, "--host", "0.0.0.0", "--tls")
    assert done.returncode == 2 and "hosts" in done.stderr


@pytest.mark.parametrize("option", ["--tls", "--behind-proxy"])
def test_a_demonstration_stays_on_this_machine(bare: Path, option: str) -> None:
    (bare / "site.toml").write_text('demonstration = true\nhosts = ["k.example"]\n', encoding="utf-8")
    done = kaohe("serve", bare, "--host", "0.0.0.0", option)
    assert done.returncode == 2 and "演示" in done.stderr


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    done = kaohe("serve", tmp_path)
    assert done.returncode == 2 and "kaohe init" in done.stderr


def test_an_unknown_setting_is_named(bare: Path) -> None:
    (bare / "site.toml").write_text("idle_minuts = 5\n", encoding="utf-8")
    done = kaohe("serve", bare)
    assert done.returncode == 2 and "idle_minuts" in done.stderr and "idle_minutes" in done.stderr


def test_a_port_in_use_is_named(bare: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        done = kaohe("serve", bare, "--port", port)
    assert done.returncode == 2 and str(port) in done.stderr


def test_tables_that_are_older_are_refused_until_upgraded(bare: Path) -> None:
    done = kaohe("serve", bare)
    assert done.returncode == 2 and "kaohe upgrade" in done.stderr
    assert kaohe("upgrade", bare).returncode == 0
    assert "没有要升级的" in kaohe("upgrade", bare).stderr


@pytest.mark.sqlite
def test_tables_that_are_newer_are_refused(bare: Path) -> None:
    assert kaohe("upgrade", bare).returncode == 0
    with closing(sqlite3.connect(bare / "ledger.sqlite3")) as database:
        database.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '0999_x', '')")
        database.commit()
    done = kaohe("serve", bare)
    assert done.returncode == 2 and "ledger.0999_x" in done.stderr


FORGETFUL = """
from pathlib import Path
from kaohe.web.config.installation import site_of
from kaohe.web.config.server import set_up
set_up(site_of(Path({folder!r})))
from django.db import connection
from kaohe.facts.errors import KaoheError
from kaohe.web.config.durability import refuse_forgetful
refuse_forgetful()
with connection.cursor() as cursor:
    cursor.execute({statement!r})
try:
    refuse_forgetful()
except KaoheError as error:
    print(error)
"""


def test_a_database_that_may_forget_is_refused(made: Made) -> None:
    statement = "SET synchronous_commit = off" if made.database else "PRAGMA synchronous = NORMAL"
    code = FORGETFUL.format(folder=str(made.folder), statement=statement)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False
    )
    wanted = "synchronous_commit=on" if made.database else "synchronous=FULL"
    assert wanted in done.stdout, done.stderr


def test_without_the_web_part_commands_say_so() -> None:
    code = "import sys; sys.modules['django'] = None; import kaohe.cli; kaohe.cli.main(['serve', 'x'])"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.strip()) == (2, "没有装网页部分:pip install kaohe[web]")


def test_routes_are_listed() -> None:
    done = kaohe("routes", "--json")
    rows = {row["name"]: row for row in json.loads(done.stdout)}
    assert rows["healthz"] == {"name": "healthz", "pattern": "/healthz", "methods": ["GET", "HEAD"]}
    assert rows["logout"]["methods"] == ["POST", "OPTIONS"]
