"""How responses become items: the rubric says how many an item has, the project which of them meet."""

from django.db import transaction

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import InvalidInputError
from apps.projects.models import Pairing, Project

PLANNED = ("pairing", "pairs_per_prompt", "baseline")
MOST_PAIRS = 1000


@transaction.atomic
def change_item_plan(
    *, project: Project, user: User, pairing: str, pairs_per_prompt: int = 3, baseline: str = ""
) -> Project:
    """Change which responses meet. It holds for responses that finish from then on; items stay.

    Raises:
        InvalidInputError: there is no such plan, too many pairs, or no such baseline.
    """
    if pairing not in Pairing.values:
        raise InvalidInputError(f"There is no such plan. Choose one of {', '.join(Pairing.values)}.")
    if not 1 <= pairs_per_prompt <= MOST_PAIRS:
        raise InvalidInputError(f"A prompt can have 1 to {MOST_PAIRS:,} random pairs. Nothing was changed.")
    current = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    if pairing == Pairing.BASELINE and baseline not in list_makers(project=current):
        raise InvalidInputError(
            "Choose a baseline: the name of one of the project’s configurations, or the model of responses "
            "that were imported. Nothing was changed."
        )
    wanted = (pairing, pairs_per_prompt, baseline if pairing == Pairing.BASELINE else "")
    changes = {
        field: [getattr(current, field), value]
        for field, value in zip(PLANNED, wanted, strict=True)
        if getattr(current, field) != value
    }
    if changes:
        for field, (_, value) in changes.items():
            setattr(current, field, value)
        current.save(update_fields=[*changes])
        subject = f"project:{current.slug}"
        record_event(actor=user, action="project.item_plan_changed", subject=subject, changes=changes)
    return current


def list_makers(*, project: Project) -> list[str]:
    """Who can be a baseline: the configurations, and the models that wrote what was imported."""
    names = project.model_configs.order_by("pk").values_list("name", flat=True)
    imported = project.prompts.filter(responses__config=None, responses__model__gt="")
    models = imported.order_by("responses__model").values_list("responses__model", flat=True).distinct()
    return list(dict.fromkeys([*names, *models]))


def describe_item_plan(*, project: Project) -> str:
    """The finding over the plan, as one sentence."""
    size = project.rubric.questions.responses
    if size == 0:
        return "Each prompt is an item by itself"
    if size == 1:
        return "Each response is an item by itself"
    if size > 2:
        return f"Each prompt’s responses are judged in groups of {size}"
    if project.pairing == Pairing.BASELINE:
        return f"Each response meets one by {project.baseline}"
    if project.pairing == Pairing.RANDOM:
        pairs = project.pairs_per_prompt
        return f"{pairs:,} random pair{'' if pairs == 1 else 's'} of each prompt’s responses"
    return "Each response meets every other one"
