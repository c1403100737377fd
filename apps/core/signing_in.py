"""Whoever is not signed in is asked to, and comes back to the page they were on."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase

View = Callable[..., HttpResponseBase]
READING = {"GET", "HEAD"}


def signing_in_first(view: View) -> View:
    """Let only people with an account through to `view`."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        return view(request, *args, **kwargs)

    return inner


def ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """A page goes to the sign-in and back; a script is told, so that what is on its page stays there."""
    if request.headers.get("X-Requested-With") == "fetch" or request.headers.get("HX-Request"):
        return HttpResponse("You were signed out.", status=401, content_type="text/plain")
    return redirect_to_login(request.get_full_path() if request.method in READING else _page_of_form(request))


def _page_of_form(request: HttpRequest) -> str:
    """The page that the form was on: what a form is sent to cannot always be opened by itself."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return "/"
    return page.path + (f"?{page.query}" if page.query else "")
