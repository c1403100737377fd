"""Signing in and out, and a new password by e-mail."""

from datetime import timedelta
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from kombu.exceptions import OperationalError

from apps.accounts.forms import PasswordForm, ResetForm, SignInForm
from apps.accounts.passwords import find_person, set_password
from apps.accounts.tasks import send_reset_mail
from apps.accounts.throttling import get_client_address
from apps.core.errors import TouchstoneError
from apps.core.mail import find_mail_folder
from apps.core.policy import Policy, declare, public
from apps.core.secrets import decrypt, encrypt

BACKEND = "django.contrib.auth.backends.ModelBackend"
RESET_TOKEN = "reset_token"  # noqa: S105 — a name in the session


class MailUnreachableError(TouchstoneError):
    code = "mail_unreachable"
    status = 503


class SignInView(LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


show_sign_in = declare(SignInView.as_view(), Policy("public"))
sign_out = declare(LogoutView.as_view(), Policy("public"))


def show_lockout(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """What django-axes shows after too many wrong passwords (`AXES_LOCKOUT_CALLABLE`)."""
    wait = get_cool_off(request) or timedelta(0)
    email = (credentials or {}).get("username", "")
    attempts = AccessAttempt.objects.filter(username=email, ip_address=get_client_address(request))
    last = attempts.order_by("-attempt_time").first()
    opens_at = (last.attempt_time if last else timezone.now()) + wait
    seconds = max(60, round((opens_at - timezone.now()).total_seconds()))
    context = {"opens_at": opens_at, "seconds": seconds, "email": email}
    page = render(request, "accounts/lockout.html", context, status=429)
    page["Retry-After"] = str(seconds)
    return page


@public
def show_reset(request: HttpRequest) -> HttpResponse:
    """Ask for an address. The answer is the same whether or not somebody has it."""
    form = ResetForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/reset.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        send_reset_mail.delay(form.cleaned_data["email"], request.build_absolute_uri("/"))
    except OperationalError as error:
        raise MailUnreachableError(
            "The mail could not be handed over just now. Nothing was changed. Try again in a minute."
        ) from error
    return redirect("accounts:reset_sent")


@public
def show_reset_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/reset_sent.html", {"is_sent": find_mail_folder() is None})


@public
@sensitive_post_parameters("password")
def confirm_reset(request: HttpRequest, person: str) -> HttpResponse:
    """The page behind the link in the mail. Its token moves from the address into the session, encrypted."""
    if "token" in request.GET:
        request.session[RESET_TOKEN] = encrypt(request.GET["token"]).decode()
        return redirect("accounts:reset_confirm", person)
    user = find_person(person=person, token=decrypt(request.session.get(RESET_TOKEN, "").encode()))
    if user is None:
        return render(request, "accounts/reset_link_dead.html", status=410)
    form = PasswordForm(request.POST or None, person=user)
    if not form.is_valid():
        context = {"form": form, "person": user}
        return render(request, "accounts/reset_confirm.html", context, status=422 if form.is_bound else 200)
    set_password(user=user, password=form.cleaned_data["password"], by_link=True)
    del request.session[RESET_TOKEN]
    login(request, user, backend=BACKEND)
    messages.success(request, "Your password is changed, and you are signed in.")
    return redirect(reverse("overview:start"))
