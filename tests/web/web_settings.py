"""Django's settings for tests: their own data folder, quick password hashes, no manifest of static files."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_folder = Path(tempfile.mkdtemp(prefix="kaohe-web-tests-"))
(_folder / "secret.key").write_text("only-for-tests", encoding="ascii")
os.environ["KAOHE_DATA"] = str(_folder)

from kaohe.web.config.settings import *  # noqa: E402, F403
from kaohe.web.config.settings import STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
