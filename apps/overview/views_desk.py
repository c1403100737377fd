"""What is done at the desk. It looks across rooms: what is retired leaves the queue at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.requests import PersonRequest
from apps.core.errors import ConflictError, InvalidInputError
from apps.core.words import count, start_sentence
from apps.overview.changing import change_with_queue, edit_with_queue, undo_with_queue
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.prompts.access import get_prompt
from apps.prompts.changing import Changed
from apps.prompts.desk import make_rows
from apps.prompts.desk_page import UNDO, read_facets
from apps.prompts.filtering import PromptFilter
from apps.prompts.forms_desk import ChangeForm, EditForm
from apps.prompts.forms_filter import read_filter
from apps.prompts.glance import take_glance
from apps.prompts.models import Prompt

MANAGE = Permission.MANAGE_PROMPTS


@project_view(MANAGE)
@require_POST
def change(request: PersonRequest, project: Project) -> HttpResponse:
    """Approve, retire, tag or untag what was ticked, or all that fits the filter in the address."""
    wanted = read_filter(request.GET)
    action, chosen, tag = ChangeForm(request.POST).read(data=request.POST, wanted=wanted)
    changed = change_with_queue(project=project, chosen=chosen, action=action, user=request.user, tag=tag)
    outcome = _describe(changed)
    if "HX-Request" not in request.headers:
        request.session[UNDO] = outcome
        return redirect(_go_back(project, wanted, request.POST))
    if chosen.uids is None:
        request.session[UNDO] = outcome
        return HttpResponseClientRedirect(_go_back(project, wanted, request.POST))
    rows = make_rows(prompts=chosen.find(project), q=wanted.q)
    context = read_facets(project, wanted) | {"outcome": outcome, "rows": rows, "wanted": wanted}
    if not request.POST.get("open"):
        context["glance"] = take_glance(project=project)
    return render(request, "prompts/changed.html", context)


def _describe(changed: Changed) -> dict[str, Any]:
    undo = str(changed.change.uid) if changed.change else ""
    return {"summary": changed.summary, "undo": undo, "all": not changed.left}


def _go_back(project: Project, wanted: PromptFilter, data: QueryDict) -> str:
    """To the prompt that is open, or to the list."""
    try:
        opened = project.prompts.filter(uid=UUID(data.get("open", ""))).only("uid").first()
    except ValueError:
        opened = None
    if opened is not None:
        return reverse("overview:prompt", args=[project.slug, opened.uid]) + wanted.address
    return reverse("prompts:index", args=[project.slug]) + wanted.address


@project_view(MANAGE)
@require_POST
def undo(request: PersonRequest, project: Project, uid: UUID) -> HttpResponse:
    back = undo_with_queue(project=project, uid=uid, user=request.user)
    words = start_sentence(f"{count(back, 'prompt is', 'prompts are')} as before.")
    request.session[UNDO] = {"summary": words, "undo": "", "all": True}
    address = _go_back(project, read_filter(request.GET), request.POST)
    return HttpResponseClientRedirect(address) if "HX-Request" in request.headers else redirect(address)


@project_view(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, project: Project, uid: UUID) -> HttpResponse:
    prompt = get_prompt(project=project, uid=uid)
    if request.method != "POST":
        newer = Prompt.objects.filter(replaces=prompt).first()
        now = [message["content"] for message in prompt.messages], prompt.category or ""
        return _show_edit(request, prompt, now, {"newer": newer and newer.uid})
    form = EditForm(request.POST)
    texts = [text.replace("\r\n", "\n") for text in request.POST.getlist("turn")]
    sent = texts, request.POST.get("category", "").replace("\0", "").strip()
    if not form.is_valid():
        return _show_edit(request, prompt, sent, {"refusal": form.errors["category"][0]}, status=422)
    try:
        stored = edit_with_queue(prompt=prompt, texts=texts, category=sent[1], user=request.user)
    except (ConflictError, InvalidInputError) as error:
        other = getattr(error, "successor", None) or getattr(error, "other", None)
        return _show_edit(
            request, prompt, sent, {"refusal": error.message, "other": other}, status=error.status
        )
    if stored.pk == prompt.pk:
        messages.success(request, "The prompt is in another category. Its text is as it was.")
    else:
        messages.success(request, "The new version is stored, and the one before is retired with its story.")
    return _open(project, stored, read_filter(request.GET))


def _open(project: Project, prompt: Prompt, wanted: PromptFilter) -> HttpResponse:
    return redirect(reverse("overview:prompt", args=[project.slug, prompt.uid]) + wanted.address)


def _show_edit(
    request: PersonRequest,
    prompt: Prompt,
    sent: tuple[list[str], str],
    more: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """`sent` are the texts and the category: as they are, or as somebody wrote them."""
    texts, category = sent
    turns = [
        {"role": message["role"], "text": texts[place] if place < len(texts) else ""}
        for place, message in enumerate(prompt.messages)
    ]
    wanted = read_filter(request.GET)
    context = {"prompt": prompt, "turns": turns, "category": category, "wanted": wanted, **more}
    return render(request, "overview/edit.html", context, status=status)
