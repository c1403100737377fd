"""What a project looks for, and what it does about it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import InvalidInputError
from apps.projects.models import Project
from apps.prompts.models import CurationSettings
from apps.prompts.personal_data.findings import Policy
from apps.prompts.personal_data.rules import Rules, read_rules


def read_settings(*, project: Project) -> CurationSettings:
    """The project's own, or what holds where nobody has decided (such a row is not saved)."""
    return CurationSettings.objects.filter(project=project).first() or CurationSettings(project=project)


def read_cleaning(*, project: Project) -> tuple[Rules, Policy]:
    """What an import hands to `clean_conversation`; it keeps both, so that going on later changes neither."""
    settings = read_settings(project=project)
    return settings.read_rules(), Policy(settings.policy)


def change_settings(*, project: Project, user: User | None, changes: Mapping[str, Any]) -> CurationSettings:
    """Change `policy`, `likeness`, `kinds`, `regions` or `patterns`; what is not named stays.

    What is in the project already is not looked through again.

    Raises:
        InvalidRulesError, InvalidInputError: with what is wrong; nothing was changed.
    """
    with transaction.atomic():
        # The project's row orders two that change at once, also where there is no row of settings yet.
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        settings = read_settings(project=project)
        rules = {key: changes[key] for key in ("kinds", "regions", "patterns") if key in changes}
        settings.rules = read_rules({**settings.read_rules().as_json(), **rules}).as_json()
        if "policy" in changes:
            settings.policy = Policy(changes["policy"]).value
        if "likeness" in changes:
            settings.likeness = _check_likeness(changes["likeness"])
        settings.save()
        said = {key: value for key, value in changes.items() if key != "patterns"}
        record_event(
            actor=user,
            action="prompts.curation_changed",
            subject=f"project:{project.slug}",
            patterns=[pattern["name"] for pattern in settings.rules["patterns"]],
            **said,
        )
    return settings


def _check_likeness(value: Any) -> float:
    if not 0.6 <= float(value) <= 1:
        raise InvalidInputError("Likeness goes from 0.6 to 1; nothing was changed.")
    return float(value)
