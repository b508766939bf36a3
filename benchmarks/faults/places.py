"""Where the data lie while a fault comes: a plain folder, or a file system of its own whose power is cut.

A cut is ext4's own shutdown (``EXT4_IOC_SHUTDOWN`` without flushing its log) on a loop device: whatever was
not synchronised is gone, as at a power cut. It does not model torn sectors, or drives that lie about having
written. Needs root.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import signal
import struct
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.faults.serving import environment, free_port
from benchmarks.processes import REPOSITORY

_SHUTDOWN, _NO_LOG_FLUSH = 0x8004587D, 2
_BIN = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"))), Path("/usr/lib/postgresql"))


class Place:
    """A data folder under ``root``, with the tables in it or in a PostgreSQL of its own beside it."""

    def __init__(self, root: Path, *, postgresql: bool = False, settings: str = "") -> None:
        self.root, self.folder = root, root / "data"
        self.cluster = Cluster(root / "pg", settings) if postgresql else None

    @property
    def database_url(self) -> str:
        return self.cluster.url if self.cluster else ""

    def fill(self, writers: int = 0) -> None:
        """Makes the county here; nothing may be there yet."""
        if self.cluster:
            self.cluster.make()
            self.cluster.start()
        subprocess.run(
            [sys.executable, "-m", "benchmarks.faults.town", str(self.folder), str(writers)],
            check=True, cwd=REPOSITORY, env=environment(self.database_url),
        )  # fmt: skip
        if self.cluster:
            self.cluster.stop()

    def open(self) -> None:
        """Ready to be served: a database server runs where there is to be one."""
        if self.cluster:
            self.cluster.start()

    def close(self) -> None:
        if self.cluster:
            self.cluster.stop()


class Cluster:
    """A PostgreSQL in a folder; as durable as it comes unless ``settings`` say otherwise."""

    def __init__(self, folder: Path, settings: str) -> None:
        self.folder, self.settings, self.port = folder, settings, free_port()
        self.password = secrets.token_hex(8)
        # Outside the file system that is cut or filled: there it could not be written.
        self.log = folder.parent.parent / "postgresql.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://kaohe:{self.password}@127.0.0.1:{self.port}/kaohe"

    def make(self) -> None:
        self.folder.mkdir(parents=True)
        secret = self.folder.parent / "password"
        secret.write_text(self.password, encoding="ascii")
        for path in (self.folder.parent, self.folder, secret):
            shutil.chown(path, "postgres", "postgres")
        self.folder.parent.chmod(0o755)
        options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        self._run("initdb", "-D", str(self.folder), "-U", "kaohe", "--pwfile", str(secret), *options)
        usual = f"listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nport = {self.port}\n"
        usual += "shared_buffers = 32MB\nmax_wal_size = 64MB\nmin_wal_size = 32MB\nwal_writer_delay = 10s\n"
        with (self.folder / "postgresql.conf").open("a", encoding="utf-8") as stream:
            stream.write(usual)
        self.start()
        admin = self.url.removesuffix("/kaohe") + "/postgres"
        made = "CREATE DATABASE kaohe TEMPLATE template0 ENCODING 'UTF8'"
        subprocess.run([_BIN / "psql", "-q", "-c", made, admin], check=True)
        self.stop()
        with (self.folder / "postgresql.conf").open("a", encoding="utf-8") as stream:
            stream.write(self.settings)

    def start(self) -> None:
        """Starts it as a child of ours, so that nothing of a killed one is left to be waited for."""
        lock = self.folder / "postmaster.pid"
        if lock.is_file() and not lock.read_bytes().strip():
            # What an administrator does when a cut left the lock file without content.
            lock.unlink()
        command = [str(_BIN / "postgres"), "-D", str(self.folder)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd="/tmp", user="postgres", group="postgres",
                extra_groups=[], start_new_session=True,
            )  # fmt: skip
        ready = [str(_BIN / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        for _ in range(1200):
            if subprocess.run(ready, check=False).returncode == 0:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL does not start: " + self.last_words())

    def last_words(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-600:]

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
            self.process = None

    def kill(self) -> None:
        """SIGKILL to the server and all its processes, so that none of them sees another die first."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGSTOP)
        group = _children(self.process.pid)
        for pid in (self.process.pid, *group):
            _signal(pid, signal.SIGKILL)
        self.process.wait()
        while any(_alive(pid) for pid in group):
            time.sleep(0.01)
        self.process = None

    def _run(self, program: str, *arguments: str) -> None:
        command = ["runuser", "-u", "postgres", "--", str(_BIN / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/tmp", check=False)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout[-300:]}{done.stderr[-700:]}")


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(child) for child in text.split()]


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


class Image:
    """An ext4 file system in a file, mounted through a loop device at ``root``."""

    def __init__(self, file: Path, root: Path) -> None:
        self.file, self.root = file, root

    def make(self, megabytes: int) -> None:
        with self.file.open("wb") as stream:
            stream.truncate(megabytes << 20)
        subprocess.run(["mkfs.ext4", "-q", "-F", str(self.file)], check=True)
        self.root.mkdir(parents=True, exist_ok=True)
        self.mount()

    def mount(self) -> None:
        subprocess.run(["mount", "-o", "loop", str(self.file), str(self.root)], check=True)

    def unmount(self) -> None:
        for _ in range(100):
            if subprocess.run(["umount", str(self.root)], capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError(f"{self.root} is still in use")

    def copy_to(self, other: Path) -> None:
        """A copy of the unmounted file, holes and all."""
        subprocess.run(["cp", "--sparse=always", str(self.file), str(other)], check=True)

    def cut(self) -> None:
        """The power goes."""
        handle = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, _SHUTDOWN, struct.pack("I", _NO_LOG_FLUSH))
        finally:
            os.close(handle)
