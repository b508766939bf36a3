"""The demonstration as a fixture: loaded once a module, undone after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import transaction

from kaohe.web.demo import load
from kaohe.web.demo.loading import TODAY


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The tables hold the demonstration; today is 12 October 2005."""
    kept = settings.SITE
    settings.SITE = replace(kept, today=TODAY, demonstration=True)
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        outer = transaction.atomic()
        outer.__enter__()
        try:
            load()
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
            settings.SITE = kept
