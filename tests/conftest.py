"""What every test may ask for, and the rule that a complete run skips nothing.

``KAOHE_SHARED`` names the folder of shared data (default: ``shared`` beside the checkout).
``KAOHE_REQUIRE_ALL=1``, set by ``make test-all``, turns every skip into a failure: a run that passed
without Spark, Java or the shared data would say more than it knows.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REQUIRE_ALL = os.environ.get("KAOHE_REQUIRE_ALL") == "1"


def shared_folder() -> Path:
    """Where the shared data should be; it need not exist."""
    return Path(os.environ.get("KAOHE_SHARED") or ROOT.parent / "shared").resolve()


def shared_absence() -> str | None:
    """Why the shared data cannot be read, or None."""
    folder = shared_folder()
    return None if folder.is_dir() else f"no shared data at {folder}: set KAOHE_SHARED"


def spark_absence() -> str | None:
    """Why Spark cannot run, or None."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed: make spark"
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        return "no Java: apt-get install openjdk-17-jre-headless"
    return None


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data."""
    if reason := shared_absence():
        pytest.skip(reason)
    return shared_folder()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps the tests of Spark on one xdist worker: one Java machine is started, not one a worker."""
    for item in items:
        if item.get_closest_marker("spark"):
            item.add_marker(pytest.mark.xdist_group("spark"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips a marked test whose means are absent."""
    for marker, absence in (("spark", spark_absence), ("shared", shared_absence)):
        if item.get_closest_marker(marker) and (reason := absence()):
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Under ``KAOHE_REQUIRE_ALL`` a skipped test has failed; an expected failure stays one."""
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", _refusal(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """Under ``KAOHE_REQUIRE_ALL`` a file that skips itself while being collected has failed."""
    report = yield
    if REQUIRE_ALL and report.skipped:
        report.outcome, report.longrepr = "failed", _refusal(report)
    return report


def _refusal(report: pytest.TestReport | pytest.CollectReport) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    return f"{reason} (KAOHE_REQUIRE_ALL=1: nothing may be skipped)"
