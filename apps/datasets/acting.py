"""What the buttons of the recipe's page do."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from apps.accounts.requests import PersonRequest
from apps.core.errors import NotFoundError
from apps.datasets.held_out import add_held_out_list, remove_held_out_list
from apps.datasets.models import Recipe
from apps.datasets.opening import Opened
from apps.datasets.overlap.reading import read_texts
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.recipes.saving import add_version, rename_recipe, save_recipe
from apps.datasets.snapshots.states import start_snapshot


def save(request: PersonRequest, opened: Opened, document: RecipeDocument, *, makes: bool) -> HttpResponse:
    if opened.recipe is None:
        name = request.POST.get("name", "")
        version = save_recipe(project=opened.project, name=name, document=document, user=request.user)
    else:
        version = add_version(recipe=opened.recipe, document=document, user=request.user)
    if makes:
        start_snapshot(version=version, user=request.user)
    else:
        messages.success(request, f"Version {version.number} of “{version.recipe.name}” is saved.")
    return redirect("datasets:recipe", opened.project.slug, version.recipe.uid)


def rename(request: PersonRequest, recipe: Recipe) -> HttpResponse:
    rename_recipe(recipe=recipe, name=request.POST.get("name", ""), user=request.user)
    messages.success(request, f"The recipe is called “{recipe.name}” from now on.")
    return redirect("datasets:recipe", recipe.project.slug, recipe.uid)


def add_list(request: PersonRequest, opened: Opened) -> str:
    """From a file, else from what was pasted; returns the list's uid."""
    file = request.FILES.get("held_file")
    content = file.read() if file else request.POST.get("held_texts", "").encode()
    name = request.POST.get("held_name", "") or (file.name if file else "") or ""
    words = int(opened.form.cleaned_data["held_out_words"])
    texts = read_texts(content, (file.name if file else "") or "")
    listed = add_held_out_list(
        project=opened.project, name=name, texts=texts, words=words, actor=request.user
    )
    messages.success(request, f"The list “{listed.name}” is in, with {len(listed.texts):,} texts.")
    return str(listed.uid)


def remove_list(request: PersonRequest, opened: Opened) -> str:
    """The held-out list that is chosen; returns what is chosen instead: none."""
    chosen = "".join(opened.data["held_out"])
    listed = next((one for one in opened.project.held_out_lists.all() if str(one.uid) == chosen), None)
    if listed is None:
        raise NotFoundError("No list of this project is chosen, so nothing was removed. Choose one first.")
    remove_held_out_list(listed=listed, actor=request.user)
    messages.success(request, f"The list “{listed.name}” is gone. Snapshots go on saying what it was.")
    return ""
