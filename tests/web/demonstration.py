"""The demonstration as a fixture: loaded and scored once a module, undone after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from kaohe.web.accounts.models import LiveSession, Person
from kaohe.web.demo import load, score
from kaohe.web.demo.loading import TODAY


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The tables hold the demonstration; today is 12 October 2005."""
    yield from _loaded(django_db_blocker, scored=False)


@pytest.fixture(scope="module")
def scored_demonstration(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demonstration with the scores of its last two months."""
    yield from _loaded(django_db_blocker, scored=True)


def _loaded(blocker: Any, scored: bool) -> Iterator[None]:
    kept = settings.SITE
    settings.SITE = replace(kept, today=TODAY, demonstration=True)
    with blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            load()
            if scored:
                score()
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
            settings.SITE = kept


def signed_in(name: str) -> Client:
    """A browser in which somebody has signed in, reading Chinese."""
    client, person = Client(headers={"accept-language": "zh-hans"}), Person.objects.get(username=name)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    LiveSession.objects.update_or_create(person=person, defaults={"session_key": client.session.session_key})
    return client
