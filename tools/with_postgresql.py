"""Runs a command with ``DATABASE_URL`` naming a PostgreSQL of its own, made for it and removed after it.

::

    python tools/with_postgresql.py python -m pytest tests/web

Needs Debian's ``postgresql``; as root the server runs as the user ``postgres``. It listens on 127.0.0.1 only,
with a password. Durable by default; ``KAOHE_PG_FAST=1`` turns off what only a power cut would miss.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER, DATABASE = "kaohe", "kaohe"
FAST = "fsync = off\nfull_page_writes = off\n"


def main(command: list[str]) -> int:
    if not command:
        sys.exit("which command? python tools/with_postgresql.py COMMAND…")
    with cluster() as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


@contextmanager
def cluster() -> Iterator[str]:
    """A running server with an empty database; yields its URL."""
    programs = newest_programs()
    folder = Path(tempfile.mkdtemp(prefix="kaohe-pg-", dir="/tmp"))
    try:
        password = secrets.token_hex(16)
        port = make(programs, folder, password)
        started(programs, folder, "start")
        try:
            url = f"postgresql://{USER}:{password}@127.0.0.1:{port}"
            psql(programs, f"{url}/postgres", f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")
            yield f"{url}/{DATABASE}"
        finally:
            started(programs, folder, "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def newest_programs() -> Path:
    """The folder of initdb and pg_ctl."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    sys.exit("no PostgreSQL: apt-get install postgresql")


def make(programs: Path, folder: Path, password: str) -> int:
    """Makes the cluster's files; returns the port it will listen at."""
    secret = folder / "password"
    secret.write_text(password, encoding="ascii")
    hand_over(folder)
    run(
        [str(programs / "initdb"), "-D", str(folder / "data"), "-U", USER, "--pwfile", str(secret)]
        + ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
    )
    port = free_port()
    settings = (
        f"listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\nmax_connections = 60\n"
        + (FAST if os.environ.get("KAOHE_PG_FAST") == "1" else "")
    )
    with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as stream:
        stream.write(settings)
    return port


def started(programs: Path, folder: Path, verb: str) -> None:
    more = ["-l", str(folder / "log")] if verb == "start" else ["-m", "fast"]
    run([str(programs / "pg_ctl"), "-D", str(folder / "data"), "-w", *more, verb])


def psql(programs: Path, url: str, statement: str) -> None:
    subprocess.run([str(programs / "psql"), "-q", "-c", statement, url], check=True)


def run(command: list[str]) -> None:
    """Runs as an unprivileged user: PostgreSQL refuses root."""
    lowered = ["runuser", "-u", "postgres", "--", *command] if is_root() else command
    done = subprocess.run(lowered, capture_output=True, text=True, cwd="/tmp", check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stdout}{done.stderr}")


def hand_over(folder: Path) -> None:
    if is_root():
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, "postgres", "postgres")


def is_root() -> bool:
    return os.geteuid() == 0


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
