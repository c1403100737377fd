"""The people page of a project: members, their roles, and open invitations."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.accounts.once import keep_for_next_page, take_once
from apps.accounts.requests import PersonRequest
from apps.core.errors import ConflictError, InvalidInputError
from apps.core.mail import find_mail_folder
from apps.projects.access import project_view
from apps.projects.forms_people import InvitationForm, RoleForm
from apps.projects.invitations import invite_person, revoke_invitation
from apps.projects.models import Project
from apps.projects.people import (
    PAUSE_REASON_LENGTH,
    LastOwnerError,
    change_role,
    change_skills,
    describe_people,
    describe_raters,
    pause_member,
    remove_member,
    resume_member,
)
from apps.projects.permissions import Permission, Role, get_permissions
from apps.projects.skills import parse_skills

MANAGE = Permission.MANAGE_PEOPLE
FRESH_LINK = "fresh_invitation_link"


class Refused(NamedTuple):
    """What somebody typed about a member that could not be used, and why not."""

    member: int
    field: str
    text: str
    why: str


@project_view(MANAGE)
def show_people(request: PersonRequest, project: Project) -> HttpResponse:
    return _render(request, project)


@project_view(MANAGE)
@require_POST
def invite(request: PersonRequest, project: Project) -> HttpResponse:
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _render(request, project, status=422, form=form)
    site = request.build_absolute_uri("/")
    try:
        invitation, link, mailed = invite_person(
            project=project, by=request.user, site=site, **form.cleaned_data
        )
    except ConflictError as error:
        form.add_error("email", error.message)
        return _render(request, project, status=error.status, form=form)
    keep_for_next_page(request, FRESH_LINK, link)
    folder = find_mail_folder()
    if mailed and folder is not None:
        messages.warning(
            request,
            f"No mail server is set, so nothing was sent: the mail to {invitation.email} lies in {folder}. "
            "Copy the link and hand it on.",
        )
    elif mailed:
        messages.success(request, f"The link is on its way to {invitation.email}.")
    elif invitation.email:
        messages.warning(
            request,
            f"The mail to {invitation.email} could not be sent. The link works: copy it and hand it on.",
        )
    return redirect("people:index", project.slug)


@project_view(MANAGE)
@require_POST
def revoke(request: PersonRequest, project: Project, invitation_id: int) -> HttpResponse:
    revoke_invitation(project=project, invitation_id=invitation_id, by=request.user)
    messages.success(request, "The invitation is taken back. Its link lets nobody in.")
    return redirect("people:index", project.slug)


@project_view(MANAGE)
@require_POST
def change(request: PersonRequest, project: Project, membership_id: int) -> HttpResponse:
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise InvalidInputError("There is no such role. Nothing was changed.")
    try:
        membership = change_role(
            project=project, membership_id=membership_id, role=form.cleaned_data["role"], by=request.user
        )
    except LastOwnerError as error:
        messages.error(request, error.message)
    else:
        role = Role(membership.role).label.lower()
        messages.success(request, f"{membership.user} is {role} now.")
    return _back(request, project)


@project_view(MANAGE)
@require_POST
def remove(request: PersonRequest, project: Project, membership_id: int) -> HttpResponse:
    try:
        membership = remove_member(project=project, membership_id=membership_id, by=request.user)
    except LastOwnerError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{membership.user} is out of the project. What they did here stays.")
    return _back(request, project)


@project_view(MANAGE)
@require_POST
def skills(request: PersonRequest, project: Project, membership_id: int) -> HttpResponse:
    typed = request.POST.get("skills", "")
    try:
        member = change_skills(
            project=project, membership_id=membership_id, skills=parse_skills(typed), by=request.user
        )
    except InvalidInputError as error:
        refused = Refused(membership_id, "skills", typed, error.message)
        return _render(request, project, status=error.status, refused=refused)
    knows = f"knows {', '.join(member.skills)}" if member.skills else "has no skills noted"
    messages.success(request, f"{member.user} {knows} now.")
    return redirect("people:index", project.slug)


@project_view(MANAGE)
@require_POST
def pause(request: PersonRequest, project: Project, membership_id: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    try:
        member = pause_member(project=project, membership_id=membership_id, reason=reason, by=request.user)
    except InvalidInputError as error:
        refused = Refused(membership_id, "reason", reason, error.message)
        return _render(request, project, status=error.status, refused=refused)
    messages.success(request, f"{member.user} is paused, and reads why. What they did stays.")
    return redirect("people:index", project.slug)


@project_view(MANAGE)
@require_POST
def resume(request: PersonRequest, project: Project, membership_id: int) -> HttpResponse:
    member = resume_member(project=project, membership_id=membership_id, by=request.user)
    messages.success(request, f"{member.user} gets items again.")
    return redirect("people:index", project.slug)


def _back(request: PersonRequest, project: Project) -> HttpResponse:
    """To the page, or to the start for who has just given up the right to see it."""
    role = project.memberships.filter(user=request.user).values_list("role", flat=True).first()
    if MANAGE in get_permissions(request.user, role):
        return redirect("people:index", project.slug)
    return redirect("overview:start")


def _render(
    request: PersonRequest,
    project: Project,
    *,
    status: int = 200,
    form: InvitationForm | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    members = list(project.memberships.select_related("user"))
    working = [member.role for member in members if not member.paused_at]
    paused = sum(member.may_rate for member in members if member.paused_at)
    invitations = list(project.invitations.open().select_related("created_by"))
    context: dict[str, Any] = {
        "members": members,
        "invitations": invitations,
        "finding": describe_people(members=len(members), invitations=len(invitations)),
        "raters": describe_raters(roles=working, overlap=project.overlap, paused=paused),
        "roles": Role.choices,
        "refused": refused,
        "reason_length": PAUSE_REASON_LENGTH,
        "form": form or InvitationForm(),
        "fresh_link": take_once(request, FRESH_LINK),
    }
    return render(request, "people/index.html", context, status=status)
