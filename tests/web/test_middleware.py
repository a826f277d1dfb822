"""What every answer carries."""

import pytest
from django.conf import LazySettings, settings
from django.test import Client, RequestFactory

from majlis.web.context import page_address

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), payment=(), usb=()",
}


def policy(value: str) -> dict[str, str]:
    return {name: rest for name, _, rest in (part.strip().partition(" ") for part in value.split(";"))}


@pytest.mark.parametrize("path", ["/", "/styleguide/", "/nowhere/", "/accounts/login/", "/static/web/majlis.css"])
def test_headers_stand_on_every_answer(client: Client, db: None, path: str) -> None:
    answer = client.get(path)
    answer.close()
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    told = policy(answer.headers["Content-Security-Policy"])
    assert told["default-src"] == "'none'"
    assert told["script-src"] == told["style-src"] == told["font-src"] == told["form-action"] == "'self'"
    assert told["frame-ancestors"] == told["base-uri"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_transport_security_follows_the_public_address(client: Client, db: None, settings: LazySettings) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    assert client.get("/", secure=True).headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_cookies_are_kept_from_scripts_and_other_sites(client: Client, db: None) -> None:
    cookie = client.get("/accounts/login/code/").cookies["csrftoken"]
    assert cookie["samesite"] == "Lax"
    assert settings.SESSION_COOKIE_HTTPONLY


def test_error_pages_speak_the_readers_language_in_the_shell(client: Client, db: None) -> None:
    for path, status in (("/nowhere/", 404),):
        page = client.get(path, headers={"accept-language": "ar"})
        assert page.status_code == status
        assert '<html lang="ar" dir="rtl">' in page.content.decode()
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post("/i18n/setlang/", {"language": "ar"})
    assert refused.status_code == 403
    assert "Nothing was changed" in refused.content.decode()


def test_a_broken_page_is_calm(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("majlis.search.queries.search", breaks)
    page = Client(raise_request_exception=False).get("/search/?q=x")
    assert page.status_code == 500
    assert "Something broke on our side" in page.content.decode()
    assert "ZeroDivisionError" not in page.content.decode()


def test_times_stand_in_the_browsers_zone_until_an_account_says_otherwise(client: Client, db: None) -> None:
    client.cookies["zone"] = "Africa/Tunis"
    assert "Tunis, CET" in client.get("/").content.decode()
    client.cookies["zone"] = "../etc/passwd"
    assert "for UTC" in client.get("/").content.decode()
    client.cookies["zone"] = "America%2FNew_York"
    assert "New York" in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("method", "path", "referer", "back"),
    [
        ("get", "/my/?a=1", "", "/my/?a=1"),
        ("post", "/x/complete/", "http://testserver/x/?b=2", "/x/?b=2"),
        ("post", "/x/", "", "/"),
        ("post", "/x/", "javascript:alert(1)", "/"),
    ],
)
def test_a_chosen_language_leads_back_to_the_page(method: str, path: str, referer: str, back: str) -> None:
    request = getattr(RequestFactory(), method)(path, headers={"referer": referer})
    assert page_address(request) == back
