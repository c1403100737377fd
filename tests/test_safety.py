"""What protects people on every page: headers, cookies, CSRF, and no secret left in clear anywhere."""

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.test import Client
from gunicorn.app.wsgiapp import WSGIApplication

from apps.accounts.models import User
from apps.accounts.passwords import mail_reset_link
from apps.core.embedded.application import web_server
from apps.projects.models import Project
from tests.conftest import SignIn
from tests.routes import ROUTES, is_api, make_path

ROOT = Path(__file__).parents[1]
SWAGGER = "api/v1/docs"
PREVIEW = "p/<slug:slug>/setup/rubric/preview/"
PASSWORD, NEW_PASSWORD = "a long enough secret", "correct horse battery"

needs_database = pytest.mark.django_db


# --- headers ------------------------------------------------------------------------------------------
@needs_database
@pytest.mark.parametrize("route", [route for route in ROUTES if not is_api(route) and route != PREVIEW])
@pytest.mark.parametrize("who", ["anonymous", "site admin"])
def test_every_page_forbids_what_is_inline_foreign_or_framed(
    route: str, who: str, project: Project, site_admin: User, sign_in: SignIn
) -> None:
    client = Client() if who == "anonymous" else sign_in(site_admin)
    response = client.get(make_path(route, project.slug))

    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert not re.findall(r"https?:|\*", policy)
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert "private" in response["Cache-Control"] or "no-store" in response["Cache-Control"]


@needs_database
def test_only_the_preview_may_be_framed_by_us_and_sends_nothing(
    project: Project, site_admin: User, sign_in: SignIn
) -> None:
    response = sign_in(site_admin).get(make_path(PREVIEW, project.slug))

    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    for rule in ("default-src 'none'", "frame-ancestors 'self'", "form-action 'none'", "connect-src 'none'"):
        assert rule in policy
    assert not re.findall(r"https?:|\*", policy)
    assert response["X-Frame-Options"] == "SAMEORIGIN"


@needs_database
def test_only_swaggers_page_may_style_itself(site_admin: User, sign_in: SignIn) -> None:
    response = sign_in(site_admin).get(f"/{SWAGGER}")

    assert response.status_code == 200
    assert "unsafe-eval" not in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]


TEMPLATES = sorted(ROOT.glob("templates/**/*.html")) + sorted(ROOT.glob("apps/**/templates/**/*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_holds_what_the_policy_would_refuse(template: Path) -> None:
    text = re.sub(r"{#.*?#}|{%.*?%}", "", template.read_text(), flags=re.DOTALL)

    assert not re.findall(r"\sstyle\s*=", text)
    assert not re.findall(r"<style", text)
    assert not re.findall(r"\son\w+\s*=|hx-on|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script(?![^>]*application/json)[^>]*>", text))
    assert not re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", text)


# Help texts are ours, never a user's; the responses of an item come out of `render_markdown`.
SAFE = (
    *("field.help_text|safe", "response.html|safe", "turn.html|safe", "task.last.html|safe"),
    "passage.html|safe",
)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_leave_escaping_on(template: Path) -> None:
    text = template.read_text()
    for known in SAFE:
        text = text.replace(known, "")

    assert not re.findall(r"\|\s*safe\b|autoescape off|safeseq", text)


# --- cookies and forms --------------------------------------------------------------------------------
@needs_database
def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client: Client, stranger: User) -> None:
    client.post("/accounts/sign-in", {"username": stranger.email, "password": PASSWORD})

    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@needs_database
@pytest.mark.parametrize(
    "path", ["/accounts/sign-in", "/accounts/sign-out", "/accounts/profile", "/p/helpful/people/invite"]
)
def test_forms_without_a_token_are_refused_with_our_page(
    path: str, project: Project, site_admin: User
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(site_admin, backend="django.contrib.auth.backends.ModelBackend")

    response = client.post(path, {"username": "x"})

    assert response.status_code == 403
    assert "not yours to open" in response.content.decode()
    assert "style=" not in response.content.decode()


@needs_database
def test_api_asks_sessions_for_a_csrf_token_but_not_programs(project: Project, site_admin: User) -> None:
    from apps.accounts.tokens import create_token

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(site_admin, backend="django.contrib.auth.backends.ModelBackend")
    new = {"name": "New"}
    assert browser.post("/api/v1/projects/", new, content_type="application/json").status_code == 403

    browser.get("/accounts/profile")
    token = browser.cookies["csrftoken"].value
    headers = {"X-CSRFToken": token}
    accepted = browser.post("/api/v1/projects/", new, content_type="application/json", headers=headers)
    assert accepted.status_code == 201

    key = create_token(user=site_admin, name="p", scopes=["manage_project"], days=1).key
    program = Client(enforce_csrf_checks=True)
    headers = {"Authorization": f"Bearer {key}"}
    accepted = program.post("/api/v1/projects/", new, content_type="application/json", headers=headers)
    assert accepted.status_code == 201


# --- secrets ------------------------------------------------------------------------------------------
@needs_database
def test_no_key_or_password_is_in_the_database_or_the_log(
    project: Project, owner: User, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    """The ways of all secrets, one after the other; then every text of every table and of the log is read."""
    caplog.set_level(logging.DEBUG)
    browser = sign_in(owner)

    browser.post("/accounts/profile/tokens", {"name": "t", "scopes": ["export"], "days": "7"})
    waiting = _everything_stored()
    key = _find(r"tst_[\w-]{43}", browser.get("/accounts/profile").content.decode())
    Client().get("/api/v1/projects/", headers={"Authorization": f"Bearer {key}"})

    browser.post("/p/helpful/people/invite", {"role": "rater", "email": "nora@example.org"})
    waiting += _everything_stored()
    link = urlsplit(_find(r"http://testserver/p/\S+", mail.outbox[-1].body))
    newcomer = Client()
    newcomer.get(f"{link.path}?{link.query}", follow=True)
    newcomer.post(link.path, {"name": "Nora", "email": "nora@example.org", "password": NEW_PASSWORD})
    Client().get(f"{link.path}?{link.query}", follow=True)  # used by now: logged as gone

    mail_reset_link(email=owner.email, site="http://testserver/")
    reset = urlsplit(_find(r"http://testserver/accounts/reset/\S+", mail.outbox[-1].body))
    visitor = Client()
    visitor.get(f"{reset.path}?{reset.query}", follow=True)
    waiting += _everything_stored()
    visitor.post(reset.path, {"password": NEW_PASSWORD})
    Client().get(f"{reset.path}?{reset.query}", follow=True)

    Client().post("/accounts/sign-in?a=b", {"username": owner.email, "password": "wrong password 1"})
    Client().post("/accounts/sign-in", {"username": owner.email, "password": NEW_PASSWORD})

    secrets = [
        key,
        link.query.partition("=")[2],
        reset.query.partition("=")[2],
        NEW_PASSWORD,
        "wrong password 1",
    ]
    assert all(len(secret) > 15 for secret in secrets)
    places = {"database": waiting + _everything_stored(), "log": caplog.text}
    assert "Gone: /p/helpful/people/join" in places["log"]
    for name, text in places.items():
        assert [secret for secret in secrets if secret in text] == [], name


def _find(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, pattern
    return found.group()


def _everything_stored() -> str:
    """Every value of every row, sessions decoded."""
    rows = [
        str([bytes(value) if isinstance(value, memoryview) else value for value in row])
        for model in apps.get_models()
        for row in model._default_manager.values_list()
    ]
    from django.contrib.sessions.models import Session

    return "\n".join([*rows, *(str(session.get_decoded()) for session in Session.objects.all())])


DOCKER_COMMAND = json.loads(re.findall(r"^CMD (.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[-1])
EMBEDDED_COMMAND = web_server(port=8000, logs=ROOT).command[2:]


@pytest.mark.parametrize("command", [DOCKER_COMMAND, EMBEDDED_COMMAND], ids=["docker", "embedded"])
def test_access_log_leaves_queries_out(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [*command])
    log_format = WSGIApplication().cfg.access_log_format
    assert "%(U)s" in log_format
    assert not re.search(r"%\((r|q|f|\{)", log_format)


# --- production ---------------------------------------------------------------------------------------
PRODUCTION = {
    "TOUCHSTONE_PROFILE": "production",
    "ALLOWED_HOSTS": "touchstone.example.org",
    "SECRET_KEY": "only-to-look-at-the-settings-0123456789-ABCDEFGHIJKLMNOPQ",
    "CELERY_BROKER_URL": "redis://localhost:1/0",
}


def run_in_production(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **PRODUCTION, "DATABASE_URL": "postgresql://nobody@localhost:1/nothing"}
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the browser tests set it
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_deployment_check_is_clean() -> None:
    finished = run_in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert finished.returncode == 0, finished.stderr
    assert "no issues" in finished.stdout


def test_production_keeps_cookies_and_pages_on_https_and_passwords_hashed_slowly() -> None:
    names = (
        "DEBUG", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY", "ALLOWED_HOSTS", "ALLOW_PRIVATE_ENDPOINTS",
        "PASSWORD_HASHERS",
    )  # fmt: skip
    read = f"[getattr(settings, name, None) for name in {names}]"
    code = f"import json; from config import settings; print(json.dumps({read}))"
    values = dict(zip(names, json.loads(run_in_production("-c", code).stdout), strict=True))

    assert values == {
        "DEBUG": False,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "ALLOWED_HOSTS": ["touchstone.example.org"],
        "ALLOW_PRIVATE_ENDPOINTS": False,
        "PASSWORD_HASHERS": None,  # Django's own, which are slow; tests have a quick one
    }


@needs_database
def test_foreign_host_is_refused(client: Client) -> None:
    assert client.get("/accounts/sign-in", headers={"Host": "evil.example"}).status_code == 400
    assert "evil.example" not in settings.ALLOWED_HOSTS
