"""What a browser is told, and what a stranger, a forged form or an old session cannot do."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.utils import timezone
from town import PASSWORD, County, make_county

import kaohe.web
from kaohe.web.accounts.models import LiveSession, Person
from kaohe.web.config.proxy import client_address
from kaohe.web.config.routes import Route, methods_of, routes

pytestmark = pytest.mark.django_db

SAFE = {"GET", "HEAD", "OPTIONS"}
TEMPLATES = sorted(Path(kaohe.web.__file__).parent.glob("*/templates/**/*.html"))
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "http:///x",
)


@pytest.fixture
def county() -> County:
    return make_county()


def signed_in(who: str, client: Client | None = None, **more: str) -> Client:
    client = client or Client()
    answer = client.post("/login/", {"username": who, "password": PASSWORD}, **more)
    assert answer.status_code == 302, answer.status_code
    return client


def address_of(route: Route) -> str:
    """Some address that matches the route."""
    return re.sub(
        r"<(?:(\w+):)?\w+>", lambda found: "1" if found[1] == "int" else "qing", f"/{route.pattern}"
    )


# --- what a browser is told


@pytest.mark.parametrize("path", ["/login/", "/board/", "/no/such/page", "/"])
def test_nothing_inline_and_nothing_from_elsewhere_runs(path: str, county: County) -> None:
    told = signed_in("clerk").get(path).headers["Content-Security-Policy"]
    assert "unsafe" not in told and "*" not in told and "http" not in told
    assert {"default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(told.split("; "))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: "/".join(path.parts[-2:]))
def test_a_template_holds_nothing_inline(template: Path) -> None:
    """What the policy would stop is not there in the first place."""
    content = template.read_text(encoding="utf-8")
    assert not re.search(r"<[^>{%]*\sstyle\s*=|<style|javascript:", content)
    assert not re.search(r"<[^>{%]*\son[a-z]+\s*=", content)
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", content))


def test_headers_of_a_page(county: County) -> None:
    headers = signed_in("clerk").get("/board/").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(county: County) -> None:
    client = Client()
    client.get("/login/")
    for name in (settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME):
        cookie = signed_in("clerk", client).cookies[name]
        assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
    assert not client.cookies[settings.SESSION_COOKIE_NAME]["domain"]


def test_passwords_are_kept_by_argon2() -> None:
    from kaohe.web.config import settings as shipped

    hashers = shipped.PASSWORD_HASHERS
    assert hashers == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert shipped.DEBUG is False


# --- forged forms


def unsafe_routes() -> list[Route]:
    return [route for route in routes() if set(route.methods) - SAFE]


@pytest.mark.parametrize("route", unsafe_routes(), ids=lambda route: route.name)
def test_a_form_without_its_token_is_refused(route: Route, county: County) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(county.people["clerk"])
    for method in sorted(set(route.methods) - SAFE):
        assert client.generic(method, address_of(route)).status_code == 403, method


def test_no_view_is_exempt_from_tokens() -> None:
    found = get_resolver().reverse_dict
    assert found
    for route in routes():
        view = get_resolver().resolve(address_of(route)).func
        assert not getattr(view, "csrf_exempt", False), route.name


@pytest.mark.parametrize("route", routes(), ids=lambda route: f"{route.name} {route.pattern}")
def test_every_view_says_which_methods_it_answers(route: Route) -> None:
    assert not {"PATCH", "DELETE"} & set(methods_of(get_resolver().resolve(address_of(route)).func))


def test_a_stranger_is_sent_to_sign_in_everywhere() -> None:
    for route in routes():
        if route.name in {"healthz", "login", "language"}:
            continue
        method = "GET" if "GET" in route.methods else "POST"
        answer = Client().generic(method, address_of(route))
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/login/"), route.name


# --- sessions


def test_the_session_is_a_new_one_after_signing_in(county: County) -> None:
    client = signed_in("clerk")
    before = client.session.session_key
    signed_in("clerk", Client())
    client.get("/board/")
    again = signed_in("clerk", client)
    assert before and again.session.session_key not in (None, before)


def test_a_planted_session_is_not_taken_over(county: County) -> None:
    client = Client()
    planted = client.session
    planted["planted"] = "1"
    planted.save()
    signed_in("clerk", client)
    assert client.session.session_key != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()


def test_signing_in_elsewhere_ends_the_session_here(county: County) -> None:
    here, there = signed_in("clerk"), signed_in("clerk")
    assert here.get("/board/").headers["Location"].startswith("/login/")
    assert there.get("/board/").status_code == 200
    assert LiveSession.objects.filter(person=county.people["clerk"]).count() == 1


def test_an_idle_session_ends(county: County) -> None:
    client = signed_in("clerk")
    assert client.get("/board/").status_code == 200
    assert client.session.get_expiry_age() <= settings.SITE.idle_minutes * 60
    Session.objects.update(expire_date=timezone.now())
    assert client.get("/board/").status_code == 302


def test_a_disabled_person_is_out_at_once(county: County) -> None:
    client = signed_in("clerk")
    Person.objects.filter(username="clerk").update(is_active=False)
    assert client.get("/board/").status_code == 302
    answer = Client().post("/login/", {"username": "clerk", "password": PASSWORD})
    assert answer.status_code == 200  # the form again, without a word on why


def test_a_first_password_must_be_changed_before_anything_else(county: County) -> None:
    Person.objects.filter(username="clerk").update(must_change_password=True)
    client = signed_in("clerk")
    assert client.get("/board/").headers["Location"] == "/password/"
    assert client.get("/password/").status_code == 200


def test_signing_out_needs_a_form(county: County) -> None:
    client = signed_in("clerk")
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    assert client.get("/board/").status_code == 302


# --- signing in


def failed(who: str, address: str) -> int:
    client = Client(REMOTE_ADDR=address)
    return client.post("/login/", {"username": who, "password": "wrong"}).status_code


def test_five_wrong_passwords_lock_one_name_at_one_address(county: County) -> None:
    statuses = [failed("clerk", "192.0.2.1") for _ in range(6)]
    assert statuses[:4] == [200] * 4 and statuses[-1] == 429
    locked = Client(REMOTE_ADDR="192.0.2.1").post("/login/", {"username": "clerk", "password": PASSWORD})
    assert locked.status_code == 429
    assert "暂时锁定" in locked.content.decode()
    signed_in("owner", Client(REMOTE_ADDR="192.0.2.1"))
    signed_in("clerk", Client(REMOTE_ADDR="192.0.2.2"))


def test_right_and_wrong_names_fail_alike(county: County) -> None:
    """Who has an account is not told."""
    form = {"password": "wrong"}
    pages = [
        Client().post("/login/", {**form, "username": who}).content.decode() for who in ("clerk", "nobody-x")
    ]
    shorn = [re.sub(r'value="[^"]*"', "", page) for page in pages]
    assert shorn[0] == shorn[1]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_nowhere_else(target: str, county: County) -> None:
    answer = Client().post(
        f"/login/?next={target}", {"username": "clerk", "password": PASSWORD, "next": target}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_choosing_a_language_leads_nowhere_else(target: str) -> None:
    answer = Client().post("/language/", {"language": "en", "next": target})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_name_that_is_not_the_sites_is_refused() -> None:
    assert Client().get("/login/", headers={"host": "evil.example"}).status_code == 400


def test_the_address_behind_a_proxy_is_what_the_proxy_added(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9, 192.0.2.7"}
    request = RequestFactory().get("/", **told)
    assert client_address(request) == "127.0.0.1"
    monkeypatch.setattr(settings, "SITE", replace(settings.SITE, behind_proxy=True))
    assert client_address(request) == "192.0.2.7"
    assert client_address(RequestFactory().get("/")) == "127.0.0.1"
