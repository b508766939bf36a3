"""The nightly check of the ledger and who is told when it fails; secrets of authenticators at rest."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cast import PASSWORD, Cast, make_cast
from django.conf import settings
from django.test import Client

from kaohe.web.accounts import second_step, totp
from kaohe.web.accounts.actions import enrol_authenticator
from kaohe.web.accounts.models import LiveSession, Person
from kaohe.web.accounts.sealing import opened, sealed
from kaohe.web.audit.verification import overdue_or_failed
from kaohe.web.config.installation import Site

pytestmark = pytest.mark.django_db
NOW = datetime(2005, 10, 12, 8, tzinfo=UTC)


def checked(folder: Path, at: datetime, status: str = "uncovered") -> Site:
    told = {"at": at.isoformat(), "status": status, "verdict": "", "size": 1, "findings": []}
    (folder / "verification.json").write_text(json.dumps(told), encoding="utf-8")
    return Site(folder=folder)


def test_what_those_who_guard_the_ledger_are_told(tmp_path: Path) -> None:
    assert overdue_or_failed(Site(folder=tmp_path), NOW) == "never"
    assert overdue_or_failed(Site(folder=tmp_path, demonstration=True), NOW) == ""
    assert overdue_or_failed(checked(tmp_path, NOW - timedelta(days=2)), NOW) == ""
    assert overdue_or_failed(checked(tmp_path, NOW - timedelta(days=2, minutes=1)), NOW) == "old"
    failed = checked(tmp_path, NOW, "altered")
    assert overdue_or_failed(failed, NOW) == "failed"
    assert overdue_or_failed(replace(failed, demonstration=True), NOW) == "failed"


@pytest.mark.parametrize(
    ("who", "told"),
    [("audit", True), ("system", True), ("security", True), ("auditor", True), ("clerk", False)],
)
def test_only_administrators_and_auditors_see_the_banner(who: str, told: bool, monkeypatch) -> None:
    make_cast()
    monkeypatch.setattr("kaohe.web.ui.context.overdue_or_failed", lambda site, now: "failed")
    client = Client()
    client.post("/login/", {"username": who, "password": PASSWORD})
    assert ("核验发现不符" in client.get("/receipts/").content.decode()) is told


def test_a_sealed_secret_is_opened_for_its_person_and_under_its_key_only(monkeypatch) -> None:
    secret = totp.new_secret()
    kept = sealed(secret, 7)
    assert secret not in kept and len(kept) <= 120
    assert (opened(kept, 7), opened(kept, 8), opened(secret, 7)) == (secret, None, None)
    assert sealed(secret, 7) != kept
    monkeypatch.setattr(settings, "SECRET_KEY", "another")
    assert opened(kept, 7) is None


def test_the_database_holds_no_secret_and_codes_are_still_accepted() -> None:
    cast: Cast = make_cast()
    person, secret = cast.people["clerk"], totp.new_secret()
    enrol_authenticator(person=person, secret=secret)
    stored = Person.objects.get(pk=person.pk)
    assert stored.totp_secret.startswith("s1:") and secret not in stored.totp_secret
    step = int(datetime.now(UTC).timestamp()) // totp.STEP
    assert second_step.accept(stored, totp.code_at(secret, step))
    assert not second_step.accept(stored, totp.code_at(secret, step))
    LiveSession.objects.update(totp_step=0)
    other = cast.people["leader"]
    other.totp_secret = stored.totp_secret
    assert not second_step.accept(other, totp.code_at(secret, step))
