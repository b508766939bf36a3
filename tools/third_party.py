"""Writes THIRD_PARTY.md: name, version and licence of everything that requirements.lock installs."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([A-Za-z0-9_.-]+)==([^ \\]+)", re.MULTILINE)

HEAD = """# Third-party notices

Kaohe copies none of these packages into its own source; `make install` installs them, at the versions and
hashes of `requirements.lock`. Each brings its licence text with it, in its `.dist-info` folder.
Written by `make docs`; do not edit by hand.

| package | version | licence | author |
|---|---|---|---|
"""

OPTIONAL = """
## Only with an extra

| package | extra | licence | note |
|---|---|---|---|
| pyspark | `kaohe[spark]` | Apache-2.0 | needs Java 17; its own LICENSE and NOTICE list its jars |
| py4j | `kaohe[spark]` | BSD-3-Clause | comes with pyspark |
"""


def licence_of(package: metadata.PackageMetadata) -> str:
    """The SPDX expression when there is one, else the licence classifier, else the first line of the text."""
    if expression := package.get("License-Expression"):
        return expression
    named = [
        value.rsplit(" :: ", 1)[-1] for value in package.get_all("Classifier") or [] if "License ::" in value
    ]
    return "; ".join(named) or (package.get("License") or "see its files").splitlines()[0]


def author_of(package: metadata.PackageMetadata) -> str:
    """Who publishes it, without the address."""
    stated = package.get("Author") or package.get("Author-email") or package.get("Maintainer-email") or ""
    return re.sub(r"\s*<[^>]*>", "", stated).replace('"', "").strip() or "see its files"


def row(name: str, version: str) -> str:
    """One line of the table."""
    package = metadata.metadata(name)
    return f"| {name} | {version} | {licence_of(package)} | {author_of(package)} |\n"


def main() -> None:
    """Reads the lock, asks each installed package about itself, writes the page."""
    pins = PIN.findall((ROOT / "requirements.lock").read_text("utf-8"))
    rows = "".join(row(name, version) for name, version in sorted(pins))
    (ROOT / "THIRD_PARTY.md").write_text(HEAD + rows + OPTIONAL, "utf-8")


if __name__ == "__main__":
    main()
