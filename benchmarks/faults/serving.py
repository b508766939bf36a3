"""``kaohe serve`` as a process group of its own: started, asked, killed."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.processes import REPOSITORY

HOST, PATIENCE = "127.0.0.1", 90.0


def environment(database_url: str = "", **more: str) -> dict[str, str]:
    """That of a shell which knows nothing of this run."""
    ours = ("KAOHE_", "DJANGO_", "DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    told = {**kept, "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)]), **more}
    return told | ({"DATABASE_URL": database_url} if database_url else {})


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind((HOST, 0))
        return int(tried.getsockname()[1])


class Server:
    """A server on loopback; ``log`` is where its own lines go.

    ``way`` names how it is careless (``benchmarks.faults.careless``); the server as it is when there is none.
    """

    def __init__(
        self,
        folder: Path,
        log: Path,
        *,
        database_url: str = "",
        way: str = "",
        workers: int = 1,
        port: int = 0,
    ) -> None:
        self.port = port or free_port()
        careful = ["kaohe", "serve", str(folder), "--port", str(self.port), "--workers", str(workers)]
        careless = ["benchmarks.faults.careless", str(folder), str(self.port), way]
        with log.open("ab") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *(careless if way else careful)],
                env=environment(database_url, **({"KAOHE_CARELESS": way} if way else {})),
                stdout=stream,
                stderr=stream,
                cwd="/tmp",
                start_new_session=True,
            )
        self.log = log

    def wait(self) -> None:
        """Until it answers. Raises ``RuntimeError`` with the end of its log when it does not."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            if health(self.port) == 200:
                return
            time.sleep(0.04)
        raise RuntimeError(f"no server: {self.log.read_text(errors='replace')[-1500:]}")

    def kill(self) -> None:
        """SIGKILL to every process of it, without a word before."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ends it as an administrator would."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()


def health(port: int) -> int:
    """What /healthz answers; 0 when nobody does."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status
    except OSError:
        return 0
    except http.client.HTTPException:
        return 0
    finally:
        connection.close()
