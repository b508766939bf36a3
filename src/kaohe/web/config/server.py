"""Runs the web app: what must be so before it answers, then granian until it is stopped.

::

    run(Path("DATA"), "127.0.0.1", 8000)

refuses with a ``KaoheError`` where a page would be served that keeps less than it promises: a database that
may lose what it acknowledged, tables older than the program, plain http to other machines, a demonstration
off this machine.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from kaohe.facts.errors import KaoheError
from kaohe.messages import text
from kaohe.web.config.installation import BEHIND_PROXY, TLS, VARIABLE, Site, site_of

APPLICATION = "kaohe.web.config.wsgi:application"
SETTINGS = "kaohe.web.config.settings"
_THREADS = 4
_TOO_MANY = 1000


def run(
    folder: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    workers: int | None = None,
    tls: bool = False,
    behind_proxy: bool = False,
) -> None:
    """Serves the data folder at ``host``:``port`` until SIGINT or SIGTERM; running requests are ended first.

    ``tls`` and ``behind_proxy`` add to what site.toml says. Raises ``KaoheError`` before anything is served.
    """
    if not (folder / "secret.key").is_file():
        raise KaoheError(text("serve.no_installation", path=folder))
    site = site_of(folder)
    site = replace(site, tls=site.tls or tls, behind_proxy=site.behind_proxy or behind_proxy)
    refuse_exposed(site, host)
    refuse_taken(host, port)
    prepare(site)
    certificate = _certificate(site, host)
    _granian(site, host, port, workers or usual_workers(), certificate).serve()


def usual_workers() -> int:
    """One process a core, two at least, so that one busy page does not hold up the next."""
    return max(2, min(os.cpu_count() or 2, 8))


def refuse_exposed(site: Site, host: str) -> None:
    """Raises ``KaoheError`` where others would reach the site, and it may not or not by plain http."""
    if is_loopback(host):
        return
    if site.demonstration:
        raise KaoheError(text("serve.demonstration", host=host))
    if not site.secure:
        raise KaoheError(text("serve.plain_http", host=host))
    if not any(not is_loopback(name) for name in site.hosts):
        raise KaoheError(text("serve.no_hosts", path=site.folder / "site.toml"))


def is_loopback(host: str) -> bool:
    """Whether a name or address never leaves this machine.

    >>> is_loopback("127.0.0.1"), is_loopback("[::1]"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def refuse_taken(host: str, port: int) -> None:
    """Raises ``KaoheError`` where the address cannot be listened at."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        if sys.platform != "win32":
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise KaoheError(text("serve.taken", host=host, port=port, reason=reason)) from None


def prepare(site: Site) -> None:
    """Makes Django ready in this process and asserts what every page relies on."""
    set_up(site)
    from django.db import connections
    from django.urls import get_resolver

    from kaohe.web.config.durability import count_anew, refuse_forgetful, refuse_outdated
    from kaohe.web.config.static_files import collect_changed

    refuse_outdated()
    refuse_forgetful()
    count_anew()
    collect_changed(site.folder / "static")
    # Workers are forked from this process: every page's code is read once, no connection is shared.
    _ = get_resolver().url_patterns
    connections.close_all()


def set_up(site: Site) -> None:
    """Django with the settings of this folder; the environment hands them on to the worker processes."""
    os.environ[VARIABLE] = str(site.folder.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    for name, wanted in ((TLS, site.tls), (BEHIND_PROXY, site.behind_proxy)):
        if wanted:
            os.environ[name] = "1"
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def _certificate(site: Site, host: str) -> tuple[Path, Path] | None:
    """The server's certificate and key; None where a proxy or nobody encrypts."""
    if not site.tls:
        return None
    from kaohe.web.config.certificates import server_certificate

    names = site.hosts if host in ("0.0.0.0", "::") else (host, *site.hosts)
    return server_certificate(site.keys, site.name, names)


def _granian(site: Site, host: str, port: int, workers: int, certificate: tuple[Path, Path] | None) -> Any:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.server.common import SSLProtocols

    from kaohe.web.config.logs import server_logging

    return Granian(
        APPLICATION,
        address=host.strip("[]"),
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS,
        # Connections a worker holds, idle ones of open browsers included: beyond them the next must wait.
        backpressure=_TOO_MANY,
        respawn_failed_workers=True,
        # A browser keeps its connection open: who stops a demonstration need not wait for it.
        workers_kill_timeout=1 if site.demonstration else 20,
        websockets=False,
        log_dictconfig=server_logging(quiet=site.demonstration),
        ssl_cert=certificate[0] if certificate else None,
        ssl_key=certificate[1] if certificate else None,
        ssl_protocol_min=SSLProtocols.tls12,
    )
