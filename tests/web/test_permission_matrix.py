"""Every address × method × person × object: the status is the declared one, and nobody reads another's."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterator
from hashlib import sha256

import pytest
from cast import ACTORS, Cast, canaries_in, make_cast
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.base import BaseHandler
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from matrix import DATA, EVERYBODY, Case, cases, declared, expected, routes, sees

from kaohe.web.accounts.actions import take_over_session
from kaohe.web.audit.models import Event
from kaohe.web.documents.models import Paper
from kaohe.web.documents.storage import path_of

SAMPLE = 60
"""Of the whole matrix ``make test`` asks every 60th case, always the same ones."""
pytestmark = pytest.mark.django_db


class Asker:
    """Sends requests as members of the cast, and takes back whatever each of them changed."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.factory = RequestFactory()
        self.cookies = {who: self._signed_in(who) for who in ACTORS}

    def _signed_in(self, who: str) -> str:
        person, session = self.cast.people[who], SessionStore()
        session["_auth_user_id"] = str(person.pk)
        session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
        session["_auth_user_hash"] = person.get_session_auth_hash()
        session.save()
        take_over_session(person=person, session=session)
        return str(session.session_key)

    def ask(self, case: Case) -> tuple[HttpResponse, str, bool]:
        """The answer, all its text with any paper that it made, and whether it wrote anything protected."""
        with transaction.atomic():
            before = Event.objects.count()
            response = self.handler.get_response(self._request(case))
            text = _text_of(response)
            if case.address == "papers/make" and response.get("Location", "").startswith("/papers/"):
                paper = Paper.objects.latest("pk")
                text += _unpacked(path_of(paper.sha256).read_bytes())
            wrote = Event.objects.count() != before
            transaction.set_rollback(True)
        return response, text, wrote

    def _request(self, case: Case):
        query = "&".join(f"{name}={value}" for name, value in case.about.query.items())
        if case.method == "POST":
            form = {**DATA.get(case.address, {}), **case.about.form}
            request = self.factory.post(case.path, form, QUERY_STRING=query)
        else:
            request = self.factory.generic(case.method, case.path, QUERY_STRING=query)
        request._dont_enforce_csrf_checks = True
        if case.actor != "anonymous":
            request.COOKIES = {settings.SESSION_COOKIE_NAME: self.cookies[case.actor]}
        return request


def _text_of(response: HttpResponse) -> str:
    body = response.getvalue() if not response.streaming else b"".join(response.streaming_content)
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    return headers + "\n" + _unpacked(body)


def _unpacked(body: bytes) -> str:
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join([name.encode() + b"\n" + packed.read(name) for name in packed.namelist()])
    return body.decode("utf-8", "replace")


@pytest.fixture
def asker() -> Iterator[Asker]:
    logging.disable(logging.WARNING)
    yield Asker(make_cast())
    logging.disable(logging.NOTSET)


def faults(asker: Asker, asked: Iterator[Case]) -> tuple[int, list[str]]:
    """How many cases were asked, and what is wrong with them."""
    number, wrong = 0, []
    for case in asked:
        number += 1
        wrong += _faults_of(asker, case)
    return number, wrong


def _faults_of(asker: Asker, case: Case) -> Iterator[str]:
    response, text, wrote = asker.ask(case)
    right = expected(case)
    to_login = response.status_code == 302 and response["Location"].startswith("/login/?next=")
    if right == "login" and not to_login:
        yield f"{case.key}: {response.status_code}, not the sign-in page"
    elif right != "login" and (to_login or response.status_code not in right):
        yield f"{case.key}: {response.status_code}{' to login' if to_login else ''}, not {sorted(right)}"
    if wrote and (right == "login" or case.row is None or not right & case.row.ok):
        yield f"{case.key}: wrote although {case.actor} may not"
    for token in canaries_in(text):
        owned = asker.cast.canaries.get(token)
        if owned is not None and not sees(case.actor, owned, case.address):
            yield f"{case.key}: leaks {owned}"


def _drawn(case: Case) -> bool:
    return int.from_bytes(sha256(case.key.encode()).digest()[:4]) % SAMPLE == 0


def test_every_address_is_declared_and_every_declaration_has_an_address() -> None:
    told = {row.address for row in declared()}
    known = set(routes())
    assert known - told == set(), "addresses without a row in matrix.csv"
    assert told - known == set(), "rows of matrix.csv without an address"


def test_a_sample_of_the_matrix(asker: Asker, capsys: pytest.CaptureFixture[str]) -> None:
    number, wrong = faults(asker, filter(_drawn, cases(asker.cast)))
    with capsys.disabled():
        print(f"\npermission matrix: {number} of {sum(1 for _ in cases(asker.cast))} cases")
    assert not wrong, "\n".join([f"{len(wrong)} faults", *wrong[:40]])


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.parametrize("who", EVERYBODY)
def test_the_whole_matrix(who: str, asker: Asker, capsys: pytest.CaptureFixture[str]) -> None:
    number, wrong = faults(asker, (case for case in cases(asker.cast) if case.actor == who))
    with capsys.disabled():
        print(f"\npermission matrix, {who}: {number} cases, {len(wrong)} faults")
    assert not wrong, "\n".join([f"{len(wrong)} faults", *wrong[:40]])


IDLE = {
    "login/", "login/code/", "logout/", "language/", "password/", "authenticator/", "receipts/",
    "evidence/add/", "entry/<str:unit>/<str:month>/check", "imports/", "imports/<int:pk>/answer",
    "imports/<int:pk>/take-in", "tasks/import/<int:pk>/take-in", "papers/template/add", "audit/sign/",
}  # fmt: skip
"""Forms that record no event, or only with a file or a secret that the matrix does not send."""


def test_who_may_does_it(asker: Asker) -> None:
    """Each act is really done by somebody who may: the forms are not refused for their content."""
    left = {row.address for row in declared() if "POST" in row.methods} - IDLE
    for case in cases(asker.cast):
        allowed = case.method == "POST" and case.row is not None and case.row.ok == expected(case)
        if allowed and case.address in left and asker.ask(case)[2]:
            left.remove(case.address)
    assert left == set()


def test_a_form_without_its_token_is_refused(asker: Asker) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = asker.cookies["clerk"]
    posted = {case.path for case in cases(asker.cast) if case.row and case.method == "POST"}
    for path in sorted(posted):
        assert path == "/healthz" or client.post(path).status_code == 403, path


def test_the_canaries_are_there_to_be_found(asker: Asker) -> None:
    """Whoever sees everything does find other units' canaries: the search is not blind."""
    found = set()
    for case in cases(asker.cast):
        if case.actor == "county" and case.method == "GET" and case.about.unit in ("lan", ""):
            found |= canaries_in(asker.ask(case)[1])
    kinds = {asker.cast.canaries[token].kind for token in found if token in asker.cast.canaries}
    assert kinds >= {"value", "unit", "message", "note", "person", "reason", "document", "record"}
