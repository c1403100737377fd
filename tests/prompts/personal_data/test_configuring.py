import pytest

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.core.models import AuditEvent
from apps.projects.models import Project
from apps.prompts.models import CurationSettings
from apps.prompts.personal_data import Kind, Pattern, Policy, Rules
from apps.prompts.personal_data.configuring import change_settings, read_cleaning, read_settings

pytestmark = pytest.mark.django_db
ORDER = {"name": "order", "expression": "O-[0-9]+"}


def test_nobody_decided(project: Project) -> None:
    assert read_cleaning(project=project) == (Rules(), Policy.HOLD)
    assert not CurationSettings.objects.exists()


def test_what_is_not_named_stays(project: Project, curator: User) -> None:
    change_settings(project=project, user=curator, changes={"patterns": [ORDER], "policy": "mask"})
    change_settings(project=project, user=curator, changes={"kinds": ["e-mail"], "likeness": 0.9})
    rules, policy = read_cleaning(project=project)
    assert rules == Rules(kinds=(Kind.EMAIL,), patterns=(Pattern("order", "O-[0-9]+"),))
    assert policy is Policy.MASK
    assert read_settings(project=project).likeness == 0.9
    assert AuditEvent.objects.filter(action="prompts.curation_changed").count() == 2


@pytest.mark.parametrize("changes", [{"likeness": 0.2}, {"patterns": [{"name": "x", "expression": "("}]}])
def test_what_cannot_be_changes_nothing(project: Project, curator: User, changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        change_settings(project=project, user=curator, changes={"policy": "keep", **changes})
    assert read_cleaning(project=project) == (Rules(), Policy.HOLD)
