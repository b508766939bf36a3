"""Several processes write at once: numbers have no gaps, and everything that was acknowledged is there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kaohe.web.audit.kaohe_verify import verify
from kaohe.web.audit.keys import make_key

WRITER = Path(__file__).parent / "audit_writer.py"


def test_writers_at_once_leave_one_chain(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("only-for-tests", encoding="ascii")
    make_key(tmp_path / "keys")
    settings = "kaohe.web.config.settings"
    told = {**os.environ, "KAOHE_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": settings}
    told.pop("DATABASE_URL", None)
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=told, check=True)
    writers = [
        subprocess.Popen(
            [sys.executable, str(WRITER), name, "15"], env=told, stdout=subprocess.PIPE, text=True
        )
        for name in ("a", "b", "c")
    ]
    acknowledged = [int(line) for writer in writers for line in writer.communicate()[0].splitlines()]
    assert sorted(acknowledged) == list(range(1, 46))
    report = verify(tmp_path)
    assert (report.findings, report.size, report.checkpoints, report.signed) == ([], 45, 45, 45)
