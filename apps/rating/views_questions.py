"""The page on which curators answer what raters point out."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import PersonRequest
from apps.core.errors import ConflictError, InvalidInputError, NotFoundError
from apps.core.words import count, start_sentence
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.rating.answering import answer_flag, change_answer
from apps.rating.asked import SHOWN, Asked, describe_flags, list_unanswered
from apps.rating.curation.withdrawing import withdraw_items
from apps.rating.forms_questions import AnswerForm, ChangeForm
from apps.rating.glance import forget_glance
from apps.rating.models import Flag
from apps.rating.models.flags import FlagQuerySet

MANAGE = Permission.MANAGE_PROJECT
Card = dict[str, Any]


@project_view(MANAGE)
@require_safe
def show_questions(request: PersonRequest, project: Project) -> HttpResponse:
    return _render(request, project)


@project_view(MANAGE)
@require_POST
def answer(request: PersonRequest, project: Project, flag_id: int) -> HttpResponse:
    asked = _get_asked(project, flag_id)
    form = AnswerForm(asked, request.POST)
    refused = ""
    if form.is_valid():
        try:
            flag = answer_flag(project=project, flag_id=flag_id, by=request.user, **form.read())
        except InvalidInputError as error:
            form.add_error(None, error.message)
        except ConflictError as error:
            refused = error.message
        else:
            return _go_on(request, project, asked, _say_what_happened(flag, asked))
    # Read again: where somebody else has answered meanwhile, their answer is shown.
    card = {**_make_card(_get_asked(project, flag_id)), "form": form, "refused": refused}
    if refused:
        card["refused_text"] = form["answer"].value()
    return _render_card(request, project, card, status=422)


@project_view(MANAGE)
@require_POST
def change(request: PersonRequest, project: Project, flag_id: int) -> HttpResponse:
    asked = _get_asked(project, flag_id)
    form = ChangeForm(asked, request.POST)
    refused = ""
    if form.is_valid():
        try:
            change_answer(project=project, flag_id=flag_id, by=request.user, **form.cleaned_data)
        except InvalidInputError as error:
            form.add_error(None, error.message)
        except ConflictError as error:
            refused = error.message
        else:
            return _go_on(request, project, asked, f"Changed. {asked.flag.rater} reads it as a new answer.")
    card = {**_make_card(_get_asked(project, asked.flag.pk)), "refused": refused}
    # What somebody else wrote meanwhile is what the next change is of.
    card |= {"refused_text": form["answer"].value()} if refused else {"change": form}
    return _render_card(request, project, card, status=422)


@project_view(MANAGE)
@require_POST
def withdraw(request: PersonRequest, project: Project, flag_id: int) -> HttpResponse:
    asked = _get_asked(project, flag_id)
    withdraw_items(project=project, items=[asked.flag.item_id], by=request.user)
    forget_glance(project=project)
    return _go_on(request, project, asked, "The item is withdrawn. What was answered about it stays.")


def _say_what_happened(flag: Flag, asked: Asked) -> str:
    said = f"Answered. {asked.flag.rater} hears of it on the rating page."
    if flag.guideline is None:
        return said
    version = flag.guideline.version
    return f"{said} Version {version} of the guideline is in force; raters read it before their next item."


def _go_on(request: PersonRequest, project: Project, asked: Asked, said: str) -> HttpResponse:
    """Only the card changes where a script asks: what was begun in others stays."""
    if "HX-Request" not in request.headers:
        messages.success(request, said)
        return redirect("questions:index", project.slug)
    card = {**_make_card(_get_asked(project, asked.flag.pk)), "said": said}
    return _render_card(request, project, card)


def _render_card(request: PersonRequest, project: Project, card: Card, *, status: int = 200) -> HttpResponse:
    if "HX-Request" in request.headers:
        context = {"card": card, **_count_waiting(project)}
        return render(request, "rating/questions_swap.html", context, status=status)
    return _render(request, project, changed=card, status=status)


def _render(
    request: PersonRequest, project: Project, *, changed: Card | None = None, status: int = 200
) -> HttpResponse:
    """The whole page; a card that says what became of a form comes first."""
    page = Paginator(project.flags.answered().order_by("-answered_at", "-pk"), SHOWN).get_page(
        request.GET.get("page")
    )
    first = [changed] if changed else []
    shown = {card["asked"].flag.pk for card in first}
    waiting = [asked for asked in list_unanswered(project=project) if asked.flag.pk not in shown]
    context = {
        "cards": [*first, *map(_make_card, waiting)],
        "answered": map(_make_card, describe_flags(cast("FlagQuerySet", page.object_list))),
        "page": page,
        **_count_waiting(project),
    }
    return render(request, "rating/questions.html", context, status=status)


def _count_waiting(project: Project) -> dict[str, Any]:
    unanswered = project.flags.unanswered().count()
    finding = start_sentence(count(unanswered, "question waits", "questions wait"))
    return {"unanswered": unanswered, "finding": f"{finding} for an answer"}


def _make_card(asked: Asked) -> Card:
    return {"asked": asked, "form": AnswerForm(asked), "change": ChangeForm(asked)}


def _get_asked(project: Project, flag_id: int) -> Asked:
    found = describe_flags(project.flags.filter(pk=flag_id))
    if not found:
        raise NotFoundError("This project has no such question. The page of questions lists them all.")
    return found[0]
