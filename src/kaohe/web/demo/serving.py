"""The demonstration in a browser: its data folder, a free port, the server, the page opened."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from kaohe.web.config.server import run
from kaohe.web.demo.making import copy_for_use, prebuilt

HOST, FIRST_PORT = "127.0.0.1", 8000
_PORTS_TRIED = 50


def demonstration_folder() -> Path:
    """The data folder in use: what somebody tried out yesterday is still there."""
    kept = prebuilt()
    live = kept.with_name(f"{kept.name}-live")
    if not live.is_dir():
        copy_for_use(live)
    return live


def free_port(first: int = FIRST_PORT) -> int:
    """The first port from ``first`` on which nobody listens. Raises ``OSError`` when there is none."""
    for port in range(first, first + _PORTS_TRIED):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((HOST, port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port from {first} to {first + _PORTS_TRIED - 1}")


def serve(folder: Path, port: int, ready: Callable[[str], None]) -> None:
    """Serves the folder until stopped; ``ready`` is called with the address once it answers."""
    address = f"http://{HOST}:{port}/"
    threading.Thread(target=_tell_when_ready, args=(address, ready), daemon=True).start()
    os.environ.pop("DATABASE_URL", None)
    run(folder, HOST, port)


def open_page(address: str) -> None:
    """Opens the browser where there is a screen."""
    if sys.platform in ("win32", "darwin") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(address)


def _tell_when_ready(address: str, ready: Callable[[str], None]) -> None:
    for _ in range(300):
        try:
            with urlopen(f"{address}healthz", timeout=2):
                ready(address)
                return
        except (URLError, OSError):
            time.sleep(0.1)
