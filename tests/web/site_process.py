"""The command ``kaohe`` as processes of its own, for tests: a site is made, served and asked."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

PATIENCE = 60


def environment(**more: str) -> dict[str, str]:
    """That of a shell which knows nothing of this test run."""
    ours = ("KAOHE_", "DJANGO_", "DATABASE_URL", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONPATH": os.pathsep.join(sys.path), **more}


def kaohe(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end."""
    command = [sys.executable, "-m", "kaohe", *map(str, arguments)]
    return subprocess.run(
        command, env=environment(**more), capture_output=True, text=True, timeout=120, check=False
    )


@contextmanager
def new_database() -> Iterator[str]:
    """The URL of a new empty database beside that of the run; "" where the run is on SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        yield ""
        return
    import psycopg

    name = f"site_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


class Site:
    """A running server: ``get`` asks it, ``log`` is what it wrote, ``stopped`` its exit code."""

    def __init__(self, process: subprocess.Popen[str], address: str, authority: Path | None) -> None:
        self.process, self.address = process, address
        context = ssl.create_default_context(cafile=str(authority)) if authority else None
        handlers = [HTTPSHandler(context=context)] if context else []
        self.opener = build_opener(_Straight(), *handlers)
        self.log = ""

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and text of one page; redirections are not followed."""
        request = Request(self.address + path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        try:
            answer = self.opener.open(request, timeout=20)
        except OSError as error:
            if not hasattr(error, "headers"):
                raise
            answer = error  # type: ignore[assignment]
        with answer:
            return answer.status, dict(answer.headers.items()), answer.read().decode()

    def wait(self) -> float:
        """Seconds until it answered."""
        begin = time.monotonic()
        while time.monotonic() - begin < PATIENCE:
            if self.process.poll() is not None:
                raise AssertionError(self.process.communicate()[1])
            try:
                self.get("/healthz")
                return time.monotonic() - begin
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server does not answer")

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        self.log = "".join(self.process.communicate(timeout=PATIENCE))
        return self.process.returncode


class _Straight(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:  # type: ignore[override]
        return None


@contextmanager
def served(
    folder: Path, *options: str, authority: Path | None = None, scheme: str = "http"
) -> Iterator[Site]:
    """The site of a folder while the block runs."""
    port = free_port()
    command = [sys.executable, "-m", "kaohe", "serve", str(folder), "--port", str(port), *options]
    process = subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    site = Site(process, f"{scheme}://127.0.0.1:{port}", None)
    try:
        if authority is not None:
            _wait_for(authority, process)
            site = Site(process, site.address, authority)
        site.wait()
        yield site
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(file: Path, process: subprocess.Popen[str]) -> None:
    for _ in range(PATIENCE * 10):
        if file.is_file() and file.stat().st_size:
            return
        if process.poll() is not None:
            raise AssertionError(process.communicate()[1])
        time.sleep(0.1)
