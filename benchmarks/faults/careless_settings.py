"""The app's settings with a database that forgets: where ``KAOHE_CARELESS`` says so."""

import os

from kaohe.web.config.settings import *  # noqa: F403
from kaohe.web.config.settings import DATABASES

if os.environ.get("KAOHE_CARELESS") == "unsynced":
    _options = DATABASES["default"]["OPTIONS"]
    if "init_command" in _options:
        _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    else:
        _options["options"] = "-c synchronous_commit=off"
