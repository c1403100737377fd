"""A secret that one page shows once, after the redirect that follows the form which made it."""

from django.http import HttpRequest

from apps.core.secrets import decrypt, encrypt


def keep_for_next_page(request: HttpRequest, name: str, secret: str) -> None:
    """Sessions are rows of the database, and no secret is there in clear; so it waits encrypted."""
    request.session[name] = encrypt(secret).decode()


def take_once(request: HttpRequest, name: str) -> str:
    """The secret, and then never again; empty where none waits."""
    return decrypt(str(request.session.pop(name, "")).encode())
