"""The product in a real browser: a demonstration of one's own, people who sign in, and what no page may do.

A page may write nothing to the console, break no content policy and ask nothing of another host; every page
is read by axe-core, which must find nothing against WCAG 2.1 A and AA.

``KAOHE_BROWSER`` names another Chromium; ``KAOHE_AXE`` the file axe.min.js (``make browser-tools`` puts it
and an old Chromium under .browser).
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".browser"
PASSWORD = "kaohe-demo-2005"
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
_TESTS_OWN = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "KAOHE_DATA")
_QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync"]  # fmt: skip


def absence() -> str | None:
    """Why no browser can be driven here, or None."""
    if chromium() is None:
        return "no Chromium: apt-get install chromium"
    if not axe_file().is_file():
        return f"no axe-core at {axe_file()}: make browser-tools"
    return None


def chromium() -> str | None:
    """The browser to drive."""
    return os.environ.get("KAOHE_BROWSER") or shutil.which("chromium")


def axe_file() -> Path:
    """The file of axe-core."""
    usual = TOOLS / "node_modules" / "axe-core" / "axe.min.js"
    return Path(os.environ.get("KAOHE_AXE") or usual)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All on one worker: one server, one browser."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("browser"))


class Site:
    """A running demonstration: its address, and a fresh one on demand."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder, self.cache = folder, cache
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serves a fresh copy of the demonstration."""
        from kaohe.web.demo.making import copy_for_use

        copy_for_use(self.folder, self.cache)
        command = [sys.executable, "-m", "kaohe", "serve", str(self.folder), "--port", str(self.port)]
        environment = {name: value for name, value in os.environ.items() if name not in _TESTS_OWN}
        with (self.folder.parent / f"{self.folder.name}.log").open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        self._wait()

    def stop(self) -> None:
        """Ends the server that was started here."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=20)

    def _wait(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"{self.address} does not answer")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A demonstration for the tests of one module."""
    if reason := absence():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("site")
    running = Site(folder / "data", tmp_path_factory.getbasetemp() / "demo-cache")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A headless Chromium."""
    if reason := absence():
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=_QUIET)
        yield launched
        launched.close()


class Window:
    """One person's browser window; ``faults`` are what no page may do."""

    def __init__(self, browser, site: Site, size: str, language: str) -> None:
        width, height = SIZES[size]
        self.site, self.size = site, size
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, locale="en" if language == "en" else "zh-CN"
        )
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._request)

    def _console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"{self.page.url}: {message.text}")

    def _request(self, request) -> None:
        if not request.url.startswith((self.site.address, "data:", "blob:")):
            self.faults.append(f"outside request: {request.url}")

    def sign_in(self, name: str) -> Window:
        """Signs in as one of the demonstration's people."""
        self.go("/login/")
        self.page.fill("input[name=username]", name)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button.k-primary")
        self.page.wait_for_url(lambda url: "/login/" not in url)
        return self

    def go(self, path: str) -> Window:
        """Opens a page, which must be there."""
        answer = self.page.goto(self.site.address + path)
        assert answer is not None and answer.status == 200, f"{path}: {answer and answer.status}"
        return self

    def told(self) -> str:
        """The messages at the top of the page."""
        return " ".join(self.page.locator(".k-told").all_inner_texts())

    def accessible(self) -> list[str]:
        """What axe-core finds on the page against WCAG 2.1 A and AA."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(axe_file().read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
        )
        return [
            f"{each['id']}: {node['target']} {node['failureSummary']}"
            for each in found["violations"] for node in each["nodes"]
        ]  # fmt: skip

    def sideways(self) -> bool:
        """Whether the page is wider than the window."""
        return bool(
            self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        )

    def picture(self, name: str, full: bool = False) -> None:
        """Keeps a picture under docs/img when ``KAOHE_PICTURES`` asks for new ones."""
        if os.environ.get("KAOHE_PICTURES"):
            self.page.screenshot(path=ROOT / "docs" / "img" / f"{name}.png", full_page=full)


@pytest.fixture
def window(browser, site: Site) -> Iterator[Callable[..., Window]]:
    """Opens windows; afterwards none may have a fault."""
    opened: list[Window] = []

    def make(who: str = "", size: str = "desktop", language: str = "zh") -> Window:
        opened.append(Window(browser, site, size, language))
        return opened[-1].sign_in(who) if who else opened[-1]

    yield make
    faults = [fault for each in opened for fault in each.faults]
    for each in opened:
        each.context.close()
    assert not faults, "\n".join(faults)
