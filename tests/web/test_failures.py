"""What is answered when the disk is full or the database away: words and a status, and reading goes on."""

from __future__ import annotations

import errno

import pytest
from django.contrib.sessions.backends import db
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from kaohe.web.accounts.sessions import SessionStore
from kaohe.web.config import failures

FULL = OperationalError("database or disk is full")


def answered(failure: Exception, **headers: str) -> HttpResponse:
    """What the handler says of a failure that no view caught."""
    try:
        raise failure
    except Exception:
        return failures.server_error(RequestFactory().post("/", headers=headers))


@pytest.mark.parametrize(
    ("failure", "status", "words"),
    [
        (FULL, 507, "磁盘已满"),
        (OSError(errno.ENOSPC, "No space left on device"), 507, "磁盘已满"),
        (OperationalError("database is locked"), 503, "数据库暂时不可用"),
        (ValueError("disk is round"), 500, "系统出了问题"),
    ],
)
def test_a_failure_is_told_in_words(failure: Exception, status: int, words: str) -> None:
    page, script = answered(failure), answered(failure, accept="application/json")
    assert (page.status_code, script.status_code) == (status, status)
    assert words in page.content.decode() and words in script.content.decode("unicode_escape")


def test_a_full_disk_under_another_failure_is_found() -> None:
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as error:
            raise RuntimeError("not stored") from error
    except RuntimeError as error:
        assert failures.is_full(error)


@pytest.mark.django_db
def test_health_tells_of_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "_full_at", [float("-inf")])
    assert Client().get("/healthz").status_code == 200
    answered(FULL)
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "disk": "full"})


@pytest.mark.django_db
def test_a_session_that_cannot_be_prolonged_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = SessionStore()
    kept.create()
    monkeypatch.setattr(db.SessionStore, "save", refused)
    kept["seen"] = 1
    kept.save()
    with pytest.raises(OperationalError):
        kept.save(must_create=True)


def refused(self: object, must_create: bool = False) -> None:
    raise FULL
