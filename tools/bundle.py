"""Writes dist/kaohe-VERSION-PLATFORM.zip: all but Python that a machine without a network needs.

::

    python tools/bundle.py [linux-x86_64] [linux-aarch64] [win_amd64]

The wheels are those of requirements.lock, checked against its hashes while they are downloaded; with them
come the wheel of this checkout, a start script, SHA256SUMS of every file and a CycloneDX list of components.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import uuid
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from hashlib import file_digest, sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
# glibc 2.28: Debian 10, openEuler 20.03, Kylin V10 and later.
_GLIBC = ("2_17", "2_24", "2_26", "2_27", "2_28")
PLATFORMS = {
    "linux-x86_64": [f"manylinux_{glibc}_x86_64" for glibc in _GLIBC] + ["manylinux2014_x86_64"],
    "linux-aarch64": [f"manylinux_{glibc}_aarch64" for glibc in _GLIBC] + ["manylinux2014_aarch64"],
    "win_amd64": ["win_amd64"],
}
NOTICES = ("LICENSE", "NOTICE", "THIRD_PARTY.md")
LINUX_START = """\
#!/bin/sh
# 首次运行:核对文件、安装到 ./venv、建立数据文件夹(打印管理员的一次性密码);以后只启动。
# First run: checks the files, installs into ./venv, makes the data folder; afterwards it only starts.
set -eu
cd "$(dirname "$0")"
if [ ! -x venv/bin/kaohe ]; then
  sha256sum --quiet --check SHA256SUMS
  python3.11 -m venv venv
  venv/bin/python -m pip install --quiet --no-index --find-links wheels --require-hashes -r requirements.lock
  venv/bin/python -m pip install --quiet --no-index --no-deps wheels/kaohe-*.whl
fi
DATA="${1:-data}"
[ $# -gt 0 ] && shift
[ -e "$DATA/secret.key" ] || venv/bin/kaohe init "$DATA"
exec venv/bin/kaohe serve "$DATA" "$@"
"""
WINDOWS_START = """\
@echo off
rem First run: installs into venv and makes the data folder; afterwards it only starts.
chcp 65001 >nul
cd /d "%~dp0"
if exist venv\\Scripts\\kaohe.exe goto start
py -3.11 -m venv venv || goto failed
set INSTALL=venv\\Scripts\\python -m pip install --quiet --no-index
%INSTALL% --find-links wheels --require-hashes -r requirements.lock || goto failed
for %%f in (wheels\\kaohe-*.whl) do %INSTALL% --no-deps "%%f" || goto failed
:start
if not exist data\\secret.key venv\\Scripts\\kaohe init data || goto failed
venv\\Scripts\\kaohe serve data %*
goto :eof
:failed
pause
"""


def main(names: list[str]) -> None:
    """Writes the bundles asked for, all when none is, and says how large each is and how long it took."""
    for name in names or list(PLATFORMS):
        if name not in PLATFORMS:
            sys.exit(f"unknown platform {name}: {', '.join(PLATFORMS)}")
        begin = time.monotonic()
        place = bundle(name)
        size = place.stat().st_size / 1e6
        print(f"{place.relative_to(ROOT)}: {size:.0f} MB, {time.monotonic() - begin:.0f} s")


def bundle(name: str) -> Path:
    """Gathers one platform's files and packs them."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        wheels = folder / "wheels"
        download(name, wheels)
        version = build(wheels)
        for notice in NOTICES:
            (folder / notice).write_bytes((ROOT / notice).read_bytes())
        (folder / "requirements.lock").write_bytes(LOCK.read_bytes())
        write_start(name, folder)
        told = json.dumps(components(name, version, wheels), ensure_ascii=False, indent=1) + "\n"
        (folder / "sbom.cdx.json").write_text(told, encoding="utf-8")
        (folder / "SHA256SUMS").write_text(sums(folder), encoding="utf-8")
        return pack(folder, ROOT / "dist" / f"kaohe-{version}-{name}.zip")


def download(name: str, wheels: Path) -> None:
    tags = [part for tag in PLATFORMS[name] for part in ("--platform", tag)]
    pip(
        *("download", "--dest", str(wheels), "--only-binary=:all:", "--require-hashes", "--no-deps"),
        *("--implementation", "cp", "--python-version", "3.11", *tags, "-r", str(LOCK)),
    )


def build(wheels: Path) -> str:
    """Builds this checkout's own wheel; returns its version."""
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(ROOT))
    return next(wheels.glob("kaohe-*.whl")).name.split("-")[1]


def pip(*arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True
    )


def write_start(name: str, folder: Path) -> None:
    if name.startswith("win"):
        (folder / "start.bat").write_bytes(WINDOWS_START.replace("\n", "\r\n").encode())
    else:
        (folder / "start.sh").write_text(LINUX_START, encoding="utf-8")


def components(name: str, version: str, wheels: Path) -> dict[str, object]:
    """The CycloneDX 1.6 document: each wheel with its version, hash, licence and package URL."""
    listed = [component(wheel) for wheel in sorted(wheels.glob("*.whl"))]
    own = next(one for one in listed if one["name"] == "kaohe")
    others = [one for one in listed if one is not own]
    digest = sha256(json.dumps(listed, sort_keys=True).encode()).hexdigest()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        # Of the content, so that the same wheels give the same document.
        "serialNumber": f"urn:uuid:{uuid.UUID(digest[:32])}",
        "version": 1,
        "metadata": {
            "component": {**own, "type": "application"},
            "properties": [{"name": "platform", "value": name}],
        },
        "components": others,
        "dependencies": [{"ref": own["bom-ref"], "dependsOn": [one["bom-ref"] for one in others]}],
    }


def component(wheel: Path) -> dict[str, object]:
    told = metadata(wheel)
    name, version = told["Name"].lower().replace("_", "-"), told["Version"]
    url = f"pkg:pypi/{name}@{version}"
    with wheel.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
    return {
        "type": "library",
        "bom-ref": url,
        "name": name,
        "version": version,
        "purl": url,
        "hashes": [{"alg": "SHA-256", "content": digest}],
        "licenses": licences(told),
        "properties": [{"name": "file", "value": f"wheels/{wheel.name}"}],
    }


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        file = next(one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        return HeaderParser().parsestr(archive.read(file).decode("utf-8"))


def licences(told: Message) -> list[dict[str, object]]:
    if expression := told.get("License-Expression"):
        return [{"expression": expression}]
    classified = told.get_all("Classifier") or []
    named = [value.rsplit(" :: ", 1)[-1] for value in classified if "License ::" in value]
    return [
        {"license": {"name": one}}
        for one in named or [(told.get("License") or "see its files").splitlines()[0]]
    ]


def sums(folder: Path) -> str:
    return "".join(f"{sha256(path.read_bytes()).hexdigest()}  {name}\n" for name, path in files(folder))


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def pack(folder: Path, place: Path) -> Path:
    """One zip with one folder in it; without times, so that the same files give the same zip."""
    place.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(place, "w") as archive:
        for name, path in files(folder):
            entry = zipfile.ZipInfo(f"{place.stem}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.external_attr = (0o755 if name.endswith(".sh") else 0o644) << 16
            kept = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes(), kept)
    return place


if __name__ == "__main__":
    main(sys.argv[1:])
