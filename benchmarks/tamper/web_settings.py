"""The app's settings with the benchmark's own table of evidence files."""

from kaohe.web.config.settings import *  # noqa: F403
from kaohe.web.config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.tamper.filed"]
