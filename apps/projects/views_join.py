"""The page behind an invitation's link, for people with an account and for newcomers."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.forms import NewAccountForm
from apps.accounts.models import User
from apps.accounts.registration import EmailTakenError
from apps.accounts.views import BACKEND
from apps.core.errors import NotFoundError
from apps.core.policy import public
from apps.core.templatetags.touchstone import rooms
from apps.projects.accepting import accept_as_newcomer, accept_invitation, check_open, find_invitation
from apps.projects.forms_people import ROLE_WORDS
from apps.projects.models import Invitation, Membership
from apps.projects.permissions import ROLE_PERMISSIONS, Role

SESSION_NAME = "invitation"


@public
@sensitive_post_parameters("password")
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Opening the link changes nothing, since mail programs open links too; the button does.

    The key leaves the address at once; the session remembers that this browser had it.
    """
    if "link" in request.GET:
        request.session[SESSION_NAME] = find_invitation(slug=slug, key=request.GET["link"]).pk
        return redirect("people:join", slug)
    invitation = _get_invitation(request, slug)
    if isinstance(request.user, User):
        if invitation.accepted_by == request.user:
            return redirect("overview:start")
        return _join_as(request, invitation, request.user)
    check_open(invitation)
    return _join_as_newcomer(request, invitation)


def _get_invitation(request: HttpRequest, slug: str) -> Invitation:
    invitations = Invitation.objects.select_related("project", "created_by")
    invitation = invitations.filter(pk=request.session.get(SESSION_NAME, 0), project__slug=slug).first()
    if invitation is None:
        raise NotFoundError("Open the link of your invitation again; this page alone does not know it.")
    return invitation


def _join_as(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    check_open(invitation)
    if request.method == "POST":
        return _welcome(request, accept_invitation(invitation_id=invitation.pk, user=user))
    return _render(request, invitation)


def _join_as_newcomer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = NewAccountForm(request.POST or None, initial={"email": invitation.email})
    if not form.is_valid():
        return _render(request, invitation, form)
    try:
        membership = accept_as_newcomer(invitation_id=invitation.pk, **form.cleaned_data)
    except EmailTakenError as error:
        form.add_error("email", f"{error.message} Sign in with it; the invitation waits.")
        return _render(request, invitation, form)
    login(request, membership.user, backend=BACKEND)
    return _welcome(request, membership)


def _welcome(request: HttpRequest, membership: Membership) -> HttpResponse:
    request.session.pop(SESSION_NAME, None)
    role = Role(membership.role).label.lower()
    messages.success(request, f"You are in “{membership.project}” as {role}.")
    room = next(rooms(ROLE_PERMISSIONS[membership.role]))
    return redirect(reverse(room.url, args=[membership.project.slug]))


def _render(request: HttpRequest, invitation: Invitation, form: NewAccountForm | None = None) -> HttpResponse:
    status = 422 if form is not None and form.is_bound else 200
    role = Role(invitation.role)
    context = {"invitation": invitation, "form": form, "role": role.label.lower(), "may": ROLE_WORDS[role]}
    return render(request, "people/join.html", context, status=status)
