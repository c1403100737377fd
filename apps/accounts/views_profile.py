"""The profile page: name, colours, keys, password and API tokens."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from apps.accounts.forms import ChangePasswordForm, ProfileForm, TokenForm
from apps.accounts.models import User
from apps.accounts.once import keep_for_next_page, take_once
from apps.accounts.passwords import set_password
from apps.accounts.requests import PersonRequest
from apps.accounts.scopes import label_scopes
from apps.accounts.tokens import create_token, revoke_token
from apps.core.errors import InvalidInputError
from apps.core.policy import signed_in
from apps.core.words import count, start_sentence

FRESH_KEY = "fresh_api_key"


@signed_in
def show_profile(request: PersonRequest) -> HttpResponse:
    if request.method != "POST":
        return _render(request)
    # The form writes into its instance even where it finds a fault; the page's bar must not show that.
    form = ProfileForm(request.POST, instance=User.objects.get(pk=request.user.pk))
    if not form.is_valid():
        return _render(request, status=422, profile_form=form)
    form.save()
    messages.success(request, "Your profile is saved.")
    return redirect("accounts:profile")


@signed_in
@require_POST
@sensitive_post_parameters("current", "password")
def change_password(request: PersonRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST, person=request.user)
    if not form.is_valid():
        return _render(request, status=422, password_form=form)
    set_password(user=request.user, password=form.cleaned_data["password"])
    update_session_auth_hash(request, request.user)
    messages.success(request, "Your password is changed. You are signed out everywhere else.")
    return redirect("accounts:profile")


@signed_in
@require_POST
def add_token(request: PersonRequest) -> HttpResponse:
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _render(request, status=422, token_form=form)
    try:
        _, key = create_token(user=request.user, **form.cleaned_data)
    except InvalidInputError as error:
        form.add_error("name", error.message)
        return _render(request, status=error.status, token_form=form)
    keep_for_next_page(request, FRESH_KEY, key)
    return _back_to_tokens()


@signed_in
@require_POST
def remove_token(request: PersonRequest, token_id: int) -> HttpResponse:
    token = revoke_token(user=request.user, token_id=token_id)
    messages.success(request, f"“{token.name}” is revoked. A program that still uses it is refused.")
    return _back_to_tokens()


def _back_to_tokens() -> HttpResponse:
    return HttpResponseRedirect(reverse("accounts:profile") + "#tokens")


def _render(request: PersonRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    tokens = [(token, label_scopes(token.scopes)) for token in request.user.api_tokens.usable()]
    context = {
        "profile_form": ProfileForm(instance=User.objects.get(pk=request.user.pk)),
        "password_form": ChangePasswordForm(person=request.user),
        "token_form": TokenForm(),
        "tokens": tokens,
        "tokens_finding": start_sentence(f"{count(len(tokens), 'token')} of yours may be used"),
        "fresh_key": take_once(request, FRESH_KEY),
        **forms,
    }
    return render(request, "accounts/profile.html", context, status=status)
