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
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext

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

    @contextmanager
    def windows(self, browser: Any) -> Iterator[Callable[..., Window]]:
        """Opens windows on this site; afterwards none may have a fault."""
        opened: list[Window] = []

        def make(who: str = "", size: str = "desktop", language: str = "zh") -> Window:
            opened.append(Window(browser, self, size, language))
            return opened[-1].sign_in(who) if who else opened[-1]

        yield make
        faults = [fault for each in opened for fault in each.faults]
        for each in opened:
            each.context.close()
        assert not faults, "\n".join(faults)

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


@pytest.fixture(scope="session")
def fresh_site(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], AbstractContextManager[Site]]:
    """Serves a fresh demonstration for the length of a ``with`` block."""
    if reason := absence():
        pytest.skip(reason)
    cache = tmp_path_factory.getbasetemp() / "demo-cache"

    @contextmanager
    def serve() -> Iterator[Site]:
        running = Site(tmp_path_factory.mktemp("site") / "data", cache)
        running.start()
        yield running
        running.stop()

    return serve


@pytest.fixture(scope="module")
def site(fresh_site: Callable[[], AbstractContextManager[Site]]) -> Iterator[Site]:
    """A demonstration for the tests of one module."""
    with fresh_site() as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A headless Chromium; gone with its module, since Django works beside no running loop."""
    if reason := absence():
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=_QUIET)
        yield launched
        launched.close()


class Window:
    """One person's browser window; ``faults`` are what no page may do."""

    def __init__(self, browser: Any, site: Site, size: str, language: str) -> None:
        width, height = SIZES[size]
        self.site, self.size, self.language = site, size, language
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, locale="en" if language == "en" else "zh-CN"
        )
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.faults: list[str] = []
        self.expected = 200
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._request)

    def _console(self, message: Any) -> None:
        refusal = f"status of {self.expected}" if self.expected != 200 else None
        if message.type in ("error", "warning") and not (refusal and refusal in message.text):
            self.faults.append(f"{self.page.url}: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.site.address, "data:", "blob:")):
            self.faults.append(f"outside request: {request.url}")

    # --- going about ------------------------------------------------------------------------------

    def sign_in(self, name: str) -> Window:
        """Signs in as one of the demonstration's people."""
        self.go("/login/").give_password(name)
        self.page.wait_for_url(lambda url: "/login/" not in url)
        return self

    def give_password(self, name: str, password: str = PASSWORD) -> None:
        """Fills in the page of signing in."""
        self.page.fill("input[name=username]", name)
        self.page.fill("input[name=password]", password)
        self.page.click("main button.k-primary")

    def go(self, path: str, status: int = 200) -> Window:
        """Opens a page, which must answer with a status."""
        self.expected = status
        answer = self.page.goto(self.site.address + path)
        assert answer is not None and answer.status == status, f"{path}: {answer and answer.status}"
        return self

    def resize(self, size: str) -> Window:
        """Makes the window a desk's or a phone's."""
        width, height = SIZES[size]
        if self.size != size:
            self.page.set_viewport_size({"width": width, "height": height})
        self.size = size
        return self

    def speak(self, language: str) -> Window:
        """Has the open page in a language."""
        if language != self.language:
            self.language = language
            code = "en" if language == "en" else "zh-hans"
            cookie = {"name": "django_language", "value": code, "url": self.site.address}
            self.context.add_cookies([cookie])
            self.page.goto(self.page.url)
        return self

    def word(self, text: str) -> str:
        """A text of the interface as this window says it."""
        with translation.override("en" if self.language == "en" else "zh-hans"):
            return gettext(text)

    def press(self, text: str) -> Window:
        """Presses the one button, or follows the one link, of this name."""
        word = self.word(text)
        self.page.locator("main :is(button, a, summary)").get_by_text(word, exact=True).or_(
            self.page.locator("main").get_by_role("button", name=word, exact=True)
        ).first.click()
        return self

    # --- looking at a page ------------------------------------------------------------------------

    def told(self) -> str:
        """The messages at the top of the page."""
        return " ".join(self.page.locator(".k-told").all_inner_texts())

    def accessible(self) -> list[str]:
        """What axe-core finds on the page against WCAG 2.1 A and AA."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(axe_file().read_text(encoding="utf-8"))
        return [
            f"{each['id']}: {node['target']} {node['failureSummary']}"
            for each in self.page.evaluate(_AXE) for node in each["nodes"]
        ]  # fmt: skip

    def too_wide(self) -> str:
        """What makes the page wider than the window; blank when nothing does."""
        return str(self.page.evaluate(_TOO_WIDE))

    def must_be_sound(self) -> None:
        """The page as it stands is accessible and fits its window."""
        problems = self.accessible()
        assert not problems and not self.too_wide(), "\n".join([*problems, self.too_wide()])

    def take_faults(self) -> list[str]:
        """The faults so far, which are then forgotten."""
        taken, self.faults = self.faults, []
        return taken

    def picture(self, name: str, part: str = "", height: int = 10_000) -> None:
        """Keeps a picture of the window or a part of it in docs/img when ``KAOHE_PICTURES`` is set."""
        if not os.environ.get("KAOHE_PICTURES"):
            return
        path = ROOT / "docs" / "img" / f"{name}.png"
        if not part:
            self.page.screenshot(path=path)
            return
        self.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        box = self.page.locator(part).first.bounding_box()
        self.page.screenshot(path=path, full_page=True, clip={**box, "height": min(box["height"], height)})


_AXE = """
axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], resultTypes: ["violations"], preload: false,
}).then((found) => found.violations)
"""
_TOO_WIDE = """
(() => {
  const page = document.documentElement, width = page.clientWidth, phone = width < 900;
  const all = [...document.body.querySelectorAll("*")], name = (one) => `${one.tagName}.${one.className}`;
  const told = (why, them) => `${why} ${them.slice(-3).map(name).join(", ")}`;
  const beyond = (one) => one.getBoundingClientRect().right > width + 1;
  if (page.scrollWidth > width) return told(`${page.scrollWidth} px, by`, all.filter(beyond));
  const cut = all.filter((one) => {
    if (one.clientWidth < 2 || one.scrollWidth <= one.clientWidth + 1) return false;
    if (one.matches("input, select, textarea")) return false;
    const style = getComputedStyle(one), way = style.overflowX;
    return style.textOverflow !== "ellipsis" && (way === "hidden" || (phone && way !== "visible"));
  });
  return cut.length ? told("cut or scrolled sideways:", cut) : "";
})()
"""
"""What is too wide: the page, a box that cuts its content, and on a phone also one that scrolls sideways."""


@pytest.fixture
def window(browser: Any, site: Site) -> Iterator[Callable[..., Window]]:
    """Opens windows for one test."""
    with site.windows(browser) as make:
        yield make


@pytest.fixture(scope="module")
def module_window(browser: Any, site: Site) -> Iterator[Callable[..., Window]]:
    """Opens windows that stay open for all tests of a module."""
    with site.windows(browser) as make:
        yield make
