"""``python -m kaohe.web.demo``: fills the installation that ``KAOHE_DATA`` names."""

from __future__ import annotations

import os


def main() -> None:
    """Migrates, loads, and folds the write-ahead log into the database's file."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaohe.web.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from kaohe.web.config.static_files import collect_changed
    from kaohe.web.demo import act, load, score

    call_command("migrate", verbosity=0)
    load()
    score()
    act()
    collect_changed(settings.SITE.folder / "static")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


if __name__ == "__main__":
    main()
