"""The first page of the room: how the runs go, the models, and the forms that add to them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import PersonRequest
from apps.core.errors import InvalidInputError
from apps.generation.access import get_config
from apps.generation.config_rows import list_configs
from apps.generation.desk import read_desk
from apps.generation.errors import NameTakenError, NothingToGenerateError
from apps.generation.forms import KeyForm, ModelConfigForm, PaceForm
from apps.generation.forms_run import RunForm
from apps.generation.headlines import describe_configs, describe_forecast
from apps.generation.providers.errors import AddressRefusedError, UnreachableError
from apps.generation.services import (
    change_api_key,
    change_pace,
    create_model_config,
    remove_model_config,
    restore_model_config,
    start_run,
)
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission

MANAGE = Permission.MANAGE_GENERATION


@project_view(MANAGE)
@require_safe
def show_index(request: PersonRequest, project: Project) -> HttpResponse:
    return _render(request, project)


@project_view(MANAGE)
@require_safe
def show_progress(request: PersonRequest, project: Project) -> HttpResponse:
    """What changes while runs go; once none goes, the table of models too, which then stands still."""
    desk = read_desk(project=project, now=timezone.now())
    context: dict[str, Any] = {"desk": desk}
    if not desk.moves:
        context.update(_models(project), swap_models=True)
    return render(request, "generation/index.html#live", context)


@project_view(MANAGE)
@require_POST
def add_config(request: PersonRequest, project: Project) -> HttpResponse:
    form = ModelConfigForm(request.POST)
    if not form.is_valid():
        return _render(request, project, config_form=form, status=422)
    try:
        config = create_model_config(project=project, user=request.user, **form.cleaned_data)
    except (NameTakenError, AddressRefusedError, UnreachableError, InvalidInputError) as error:
        form.add_error(_find_field(error), error.message)
        return _render(request, project, config_form=form, status=error.status)
    messages.success(request, f"{config.name} is set up. Start a run to let it answer.")
    return redirect("generation:index", project.slug)


def _find_field(error: Exception) -> str | None:
    if isinstance(error, NameTakenError):
        return "name"
    return "base_url" if isinstance(error, (AddressRefusedError, UnreachableError)) else None


@project_view(MANAGE)
@require_POST
def change_key(request: PersonRequest, project: Project, config_id: int) -> HttpResponse:
    config = get_config(project=project, config_id=config_id)
    form = KeyForm(request.POST)
    if not form.is_valid():
        raise InvalidInputError("No key was entered, so the one before is still in use.")
    change_api_key(config=config, user=request.user, api_key=form.cleaned_data["api_key"])
    messages.success(request, f"The key of {config.name} is changed. What failed can be retried.")
    return redirect("generation:index", project.slug)


@project_view(MANAGE)
@require_POST
def change_config_pace(request: PersonRequest, project: Project, config_id: int) -> HttpResponse:
    config = get_config(project=project, config_id=config_id)
    form = PaceForm(request.POST)
    if not form.is_valid():
        faults = " ".join(str(fault) for faults in form.errors.values() for fault in faults)
        raise InvalidInputError(f"{faults} Nothing was changed.")
    change_pace(config=config, user=request.user, **form.cleaned_data)
    messages.success(request, f"{config.name} is changed. Workers follow with their next batch.")
    return redirect("generation:index", project.slug)


@project_view(MANAGE)
@require_POST
def remove_config(request: PersonRequest, project: Project, config_id: int) -> HttpResponse:
    config = get_config(project=project, config_id=config_id)
    if remove_model_config(config=config, user=request.user):
        said = f"{config.name} is removed. No run had taken it."
    else:
        said = f"{config.name} is archived: new runs are not offered it. Its responses stay."
    messages.success(request, said)
    return redirect("generation:index", project.slug)


@project_view(MANAGE)
@require_POST
def restore_config(request: PersonRequest, project: Project, config_id: int) -> HttpResponse:
    config = get_config(project=project, config_id=config_id)
    restore_model_config(config=config, user=request.user)
    messages.success(request, f"{config.name} is offered to new runs again.")
    return redirect("generation:index", project.slug)


@project_view(MANAGE)
@require_POST
def start(request: PersonRequest, project: Project) -> HttpResponse:
    form = RunForm(request.POST, project=project)
    if not form.is_valid():
        return _render(request, project, run_form=form, status=422)
    try:
        run = start_run(project=project, user=request.user, **form.read())
    except NothingToGenerateError as error:
        form.add_error(None, error.message)
        return _render(request, project, run_form=form, status=error.status)
    messages.success(request, f"Run {run.number} has started: {run.asked:,} responses.")
    return redirect("generation:index", project.slug)


@project_view(MANAGE)
@require_safe
def show_effect(request: PersonRequest, project: Project) -> HttpResponse:
    """What a run with these choices would be: a dry run."""
    return render(request, "generation/forecast.html", _foresee(RunForm(request.GET, project=project)))


def _foresee(form: RunForm) -> dict[str, Any]:
    forecast = form.forecast()
    finding = describe_forecast(forecast) if forecast else ""
    counts = {"approved": form.approved, "unread": form.unread}
    return {"forecast": forecast, "forecast_finding": finding, **counts}


def _render(request: PersonRequest, project: Project, *, status: int = 200, **forms: Any) -> HttpResponse:
    run_form = forms.pop("run_form", None) or RunForm(project=project)
    run_form.offer_choices()
    context = {
        "desk": read_desk(project=project, now=timezone.now()),
        "run_form": run_form,
        "config_form": ModelConfigForm(),
        **_foresee(run_form),
        **_models(project),
        **forms,
    }
    return render(request, "generation/index.html", context, status=status)


def _models(project: Project) -> dict[str, Any]:
    rows = list_configs(project=project)
    offered = [row for row in rows if not row.config.archived_at]
    silent = sum(not row.done for row in offered)
    finding = describe_configs(len(offered), silent, archived=len(rows) - len(offered))
    return {"configs": rows, "some_offered": bool(offered), "configs_finding": finding}
