"""The recipe's page: what it says, what it gives, and its snapshots."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.requests import PersonRequest
from apps.core.errors import NotFoundError, TouchstoneError
from apps.datasets.acting import add_list, remove_list, rename, save
from apps.datasets.counting import count_recipe
from apps.datasets.deciding.reasons import Reason
from apps.datasets.effects import list_effects, tell_personal_data, tell_unchecked
from apps.datasets.formats.base import Need
from apps.datasets.forms.state import is_short, read_number
from apps.datasets.forms.words import list_notes, list_unfolded, tell_choices
from apps.datasets.headline import list_needs, write_age, write_headline, write_measure
from apps.datasets.held_out import count_unchecked, find_held_out
from apps.datasets.models import Recipe
from apps.datasets.opening import Opened, list_recipes, open_recipe, open_start
from apps.datasets.preview import Wanted, draw_picture, list_rows
from apps.datasets.recipes.starting import list_starts
from apps.datasets.shelf import describe_shelf
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission

EXPORT = Permission.EXPORT
LOOKS = ("need", "after", "find", "out")  # which rows are looked at; no part of the recipe


@project_view(EXPORT)
@require_safe
def show_datasets(request: PersonRequest, project: Project) -> HttpResponse:
    """The recipe that was used last, or the one to begin with."""
    recipes = list_recipes(project)
    names = _may_name(request)
    if recipes:
        return _answer(request, open_recipe(request, project, recipes[0], names=names))
    return _answer(request, open_start(request, project, list_starts(project)[0], names=names))


@project_view(EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_recipe(request: PersonRequest, project: Project) -> HttpResponse:
    starts = list_starts(project)
    start = next((one for one in starts if one.code == request.GET.get("kind")), starts[0])
    opened = open_start(request, project, start, names=_may_name(request))
    return _act(request, opened) if request.method == "POST" else _answer(request, opened)


@project_view(EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def show_recipe(request: PersonRequest, project: Project, uid: UUID) -> HttpResponse:
    opened = open_recipe(request, project, find_recipe(project, uid), names=_may_name(request))
    return _act(request, opened) if request.method == "POST" else _answer(request, opened)


def find_recipe(project: Project, uid: UUID) -> Recipe:
    recipe = project.recipes.filter(uid=uid).first()
    if recipe is None:
        raise NotFoundError("There is no such recipe in this project. Open Datasets for those there are.")
    return recipe


def _may_name(request: PersonRequest) -> bool:
    """Whether the reader may know who the raters are; others know pseudonyms alone."""
    return Permission.MANAGE_PEOPLE in request.permissions  # type: ignore[attr-defined]


def _act(request: PersonRequest, opened: Opened) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _answer(request, opened)
    do = request.POST.get("do", "count")
    try:
        if do == "rename" and opened.recipe is not None:
            return rename(request, opened.recipe)
        if do == "drop_list":
            opened.data["held_out"] = [remove_list(request, opened)]
        elif opened.document is None:
            return _answer(request, opened, status=422)
        if do == "held_out":
            opened.data["held_out"] = [add_list(request, opened)]
        if do in ("save", "snapshot") and opened.document is not None:
            return save(request, opened, opened.document, makes=do == "snapshot")
    except TouchstoneError as error:
        messages.error(request, error.message)
        return _answer(request, opened, status=error.status)
    looks = urlencode([(name, request.POST[name]) for name in LOOKS if request.POST.get(name)])
    query = "&".join(part for part in (opened.query, looks) if part)
    # What is too long for an address is answered without one.
    return redirect(f"{_find_path(opened)}?{query}") if is_short(query) else _answer(request, opened)


def _answer(request: PersonRequest, opened: Opened, *, status: int = 200) -> HttpResponse:
    """The whole page; to htmx what follows the form, or the rows alone."""
    context = describe_page(request, opened)
    target = request.headers.get("HX-Target", "")
    if not request.headers.get("HX-Request") or target not in ("result", "rows"):
        return render(request, "datasets/recipe.html", context, status=status)
    if target == "rows":
        return render(request, "datasets/rows.html", context)
    response = render(request, "datasets/live.html", context)
    if opened.document is None:
        response["HX-Reswap"] = "none"  # the figures stay as they were; what is wrong stands beside its field
        return response
    query = opened.query
    path = _find_path(opened)
    if is_short(query):
        response["HX-Replace-Url"] = f"{path}?{query}" if query else path
    return response


def _find_path(opened: Opened) -> str:
    if opened.recipe is not None:
        return reverse("datasets:recipe", args=[opened.project.slug, opened.recipe.uid])
    path = reverse("datasets:new", args=[opened.project.slug])
    return f"{path}?kind={opened.start.code}" if opened.start else path


def describe_page(request: PersonRequest, opened: Opened) -> dict[str, Any]:
    now = timezone.now()
    given = request.POST if request.method == "POST" else request.GET
    count = count_recipe(
        project=opened.project,
        document=opened.shown,
        user=request.user,
        saved=opened.base,
        anew="again" in given,
    )
    figures, document = count.figures, opened.shown
    opened.list_stock(figures, names=_may_name(request))
    context: dict[str, Any] = {
        "opened": opened,
        "form": opened.form,
        "recipe": opened.recipe,
        "action": _find_path(opened),
        "origin": opened.address,
        "count": count,
        "figures": figures,
        "shelf": describe_shelf(opened.recipe, figures, now),
        "recipes": list_recipes(opened.project),
        "starts": list_starts(opened.project),
        "notes": list_notes(opened.form, {}),
        "said": tell_choices(opened.form),
        "folded": list_unfolded(opened.form),
        "name": request.POST.get("name") or (opened.start.name if opened.start else ""),
    }
    if figures is None:
        return context
    wanted = read_wanted(given, opened)
    effects = {} if count.is_of_another else list_effects(figures, document, opened.form.given)
    if listed := find_held_out(opened.project, document.held_out):
        effects["held_out"] = tell_unchecked(count_unchecked(listed), effects.get("held_out", ""))
    return context | {
        "headline": write_headline(figures, document),
        "measure": write_measure(figures, document),
        "age": write_age(count.counted_at, count.seconds, is_fresh=count.is_fresh, now=now),
        "personal": tell_personal_data(figures, document),
        "picture": draw_picture(figures, document),
        "notes": list_notes(opened.form, effects),
        "rows": list_rows(
            project=opened.project, document=document, recipe=opened.recipe, figures=figures, wanted=wanted
        ),
    }


def read_wanted(given: QueryDict, opened: Opened) -> Wanted:
    """Which rows the address asks for; what it says wrongly is as if it had not been said."""
    needs = list_needs(opened.shown) or [Need.PAIRS]
    need = next((one for one in needs if one == given.get("need")), needs[0])
    reason = next((one for one in Reason if one == given.get("out")), None)
    text = given.get("find", "").replace("\0", "").strip()[:200]
    return Wanted(need, read_number(given, "after"), text, None if text else reason)
