"""A web server, a browser, and a picture of every page worth showing."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from importlib import import_module
from itertools import product
from pathlib import Path
from shutil import which
from socket import socket

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import BrowserContext, sync_playwright

from apps.accounts.models import User
from tests.screenshots.sample import Sample

CHROMIUM = next(filter(None, map(which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)
SIZES = {"desktop": {"width": 1440, "height": 900}, "mobile": {"width": 390, "height": 844}}


@dataclass(frozen=True)
class Shot:
    """A page, the session it is seen with, whether its whole length is wanted, and keys pressed before."""

    name: str
    path: str
    session: str
    whole: bool = False
    keys: tuple[str, ...] = ()


def take_pictures(*, shots: Sequence[Shot], folder: Path) -> None:
    """Write NAME-{desktop,mobile}-{light,dark}.png of each page into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with serve() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for shot, size, theme in product(shots, SIZES, ("light", "dark")):
            context = browser.new_context(viewport=SIZES[size], color_scheme=theme)
            _take(context, address, shot, folder / f"{shot.name}-{size}-{theme}.png")
            context.close()


def list_shots(sample: Sample) -> list[Shot]:
    base = f"/p/{sample.project.slug}"
    admin, rater = sign_in(sample.admin), sign_in(sample.rater)
    return [
        Shot("rating", f"{base}/rate/", rater, keys=("2",)),
        Shot("home", f"{base}/", admin, whole=True),
        Shot("prompts", f"{base}/prompts/", admin),
        Shot("generation", f"{base}/generation/", admin),
        Shot("datasets", f"{base}/datasets/", admin, whole=True),
    ]


def _take(context: BrowserContext, address: str, shot: Shot, file: Path) -> None:
    context.add_cookies([{"name": "sessionid", "value": shot.session, "url": address}])
    page = context.new_page()
    page.goto(address + shot.path, wait_until="networkidle")
    for key in shot.keys:
        page.keyboard.press(key)
    page.wait_for_timeout(2000 if shot.keys else 0)
    page.screenshot(path=file, full_page=shot.whole)


def sign_in(person: User) -> str:
    """The key of a fresh session."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


@contextmanager
def serve() -> Iterator[str]:
    """The application on a free port of this machine, as long as the block runs."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--threads",
        "4",
    ]
    server = subprocess.Popen([*command, "--log-level", "error"])
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
    raise RuntimeError("The server does not answer.")
