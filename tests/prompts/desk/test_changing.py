"""Many prompts at once: what is changed, what is not and why, and taking it back."""

import pytest
from django.db import connection

from apps.accounts.models import User
from apps.core.errors import ConflictError, InvalidInputError, NotFoundError
from apps.core.models import AuditEvent
from apps.projects.models import Project
from apps.prompts.changing import Action, Changed, Chosen, change_prompts
from apps.prompts.filtering import PromptFilter
from apps.prompts.models import Prompt, PromptStatus
from apps.prompts.undoing import undo_change
from tests.factories import ProjectFactory, PromptFactory

pytestmark = pytest.mark.django_db
ALL = Chosen(PromptFilter())


def make(project: Project, *statuses: PromptStatus) -> list[Prompt]:
    return [PromptFactory(project=project, status=status) for status in statuses]


def change(project: Project, user: User, action: Action, chosen: Chosen = ALL, tag: str = "") -> Changed:
    return change_prompts(project=project, chosen=chosen, action=action, user=user, tag=tag)


def read_statuses(project: Project) -> list[str]:
    return list(project.prompts.order_by("pk").values_list("status", flat=True))


def test_what_can_be_approved_is_and_the_rest_is_named(project: Project, curator: User) -> None:
    make(project, PromptStatus.DRAFT, PromptStatus.RETIRED, PromptStatus.APPROVED, PromptStatus.HELD)
    changed = change(project, curator, Action.APPROVE)
    assert changed.changed == 2
    assert changed.summary == (
        "Two prompts are approved. One was approved already. "
        "One is held for personal data: decide about them on their own page."
    )
    assert read_statuses(project) == ["approved", "approved", "approved", "held"]


def test_retiring_all_that_fit_leaves_the_others(project: Project, curator: User) -> None:
    make(project, PromptStatus.DRAFT, PromptStatus.APPROVED)
    changed = change(project, curator, Action.RETIRE, Chosen(PromptFilter(status="draft")))
    assert (changed.changed, read_statuses(project)) == (1, ["retired", "approved"])


def test_one_that_came_retired_is_withdrawn_when_somebody_retires_it(project: Project, curator: User) -> None:
    prompt = PromptFactory(project=project, status=PromptStatus.RETIRED, came_retired=True)
    for action, came_retired in ((Action.APPROVE, True), (Action.RETIRE, False)):
        change(project, curator, action)
        prompt.refresh_from_db()
        assert prompt.came_retired == came_retired


def test_a_selection_is_of_this_project(project: Project, curator: User) -> None:
    mine, other = PromptFactory(project=project), PromptFactory(project=ProjectFactory())
    changed = change(project, curator, Action.RETIRE, Chosen(PromptFilter(), [mine.uid, other.uid]))
    other.refresh_from_db()
    assert (changed.changed, other.status) == (1, "approved")


def test_it_is_one_event_with_its_number_and_filter(project: Project, curator: User) -> None:
    make(project, PromptStatus.DRAFT, PromptStatus.DRAFT)
    change(project, curator, Action.APPROVE, Chosen(PromptFilter(status="draft")))
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.subject) == (
        "prompts.approved",
        curator,
        f"project:{project.slug}",
    )
    assert (event.data["changed"], event.data["filter"]) == (2, {"status": "draft"})


def test_nothing_changed_is_no_event(project: Project, curator: User) -> None:
    make(project, PromptStatus.APPROVED)
    changed = change(project, curator, Action.APPROVE)
    assert changed.summary == "Nothing was changed. One was approved already."
    assert (changed.change, AuditEvent.objects.count()) == (None, 0)


def test_tags_are_given_once_and_taken(project: Project, curator: User) -> None:
    one, other = make(project, PromptStatus.APPROVED, PromptStatus.DRAFT)
    Prompt.objects.filter(pk=one.pk).update(tags=["hard"])
    given = change(project, curator, Action.TAG, tag="  hard ")
    assert given.summary == "One prompt is tagged “hard”. One has it already."
    taken = change(project, curator, Action.UNTAG, Chosen(PromptFilter(), [other.uid]), tag="hard")
    assert taken.summary == "One prompt is untagged “hard”."
    assert list(project.prompts.order_by("pk").values_list("tags", flat=True)) == [["hard"], []]


def test_a_prompt_has_so_many_tags_at_most(project: Project, curator: User) -> None:
    PromptFactory(project=project, tags=[str(number) for number in range(20)])
    assert "20 tags already" in change(project, curator, Action.TAG, tag="more").summary


@pytest.mark.parametrize("tag", ["", "  ", "x" * 61, "\0"])
def test_a_tag_has_letters(project: Project, curator: User, tag: str) -> None:
    with pytest.raises(InvalidInputError, match="Nothing was changed"):
        change(project, curator, Action.TAG, tag=tag)


@pytest.mark.parametrize(
    ("action", "tag"),
    [(Action.APPROVE, ""), (Action.RETIRE, ""), (Action.TAG, "new"), (Action.UNTAG, "hard")],
)
def test_each_change_can_be_taken_back(project: Project, curator: User, action: Action, tag: str) -> None:
    make(project, PromptStatus.DRAFT, PromptStatus.RETIRED, PromptStatus.APPROVED)
    project.prompts.update(tags=["hard"])
    before = list(project.prompts.order_by("pk").values("status", "tags"))
    changed = change(project, curator, action, tag=tag)
    assert list(project.prompts.order_by("pk").values("status", "tags")) != before
    assert changed.change is not None
    assert undo_change(project=project, uid=changed.change.uid, user=curator) == changed.changed
    assert list(project.prompts.order_by("pk").values("status", "tags")) == before
    with pytest.raises(ConflictError, match="already"):
        undo_change(project=project, uid=changed.change.uid, user=curator)


def test_what_somebody_changed_since_stays(project: Project, curator: User) -> None:
    one, _ = make(project, PromptStatus.DRAFT, PromptStatus.DRAFT)
    changed = change(project, curator, Action.APPROVE)
    Prompt.objects.filter(pk=one.pk).update(status=PromptStatus.RETIRED)
    assert changed.change is not None
    assert undo_change(project=project, uid=changed.change.uid, user=curator) == 1
    assert read_statuses(project) == ["retired", "draft"]


def test_a_change_of_another_project_is_not_known(project: Project, curator: User) -> None:
    make(project, PromptStatus.DRAFT)
    changed = change(project, curator, Action.APPROVE)
    assert changed.change is not None
    with pytest.raises(NotFoundError):
        undo_change(project=ProjectFactory(), uid=changed.change.uid, user=curator)


def test_a_replaced_version_is_not_approved_beside_its_successor(project: Project, curator: User) -> None:
    old = PromptFactory(project=project, status=PromptStatus.RETIRED)
    PromptFactory(project=project, replaces=old)
    changed = change(project, curator, Action.APPROVE, Chosen(PromptFilter(), [old.uid]))
    assert changed.summary == "Nothing was changed. One has a newer version, which takes part instead."


def test_more_prompts_than_a_statement_has_parameters(project: Project, curator: User) -> None:
    (first,) = make(project, PromptStatus.APPROVED)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO prompts_prompt (uid, project_id, messages, metadata, digest, status, words,"
            " language, tags, created_at, findings) SELECT gen_random_uuid(), project_id, messages, metadata,"
            " decode(md5(n::text) || md5(n::text), 'hex'), status, words, language, tags, created_at,"
            " findings"
            " FROM prompts_prompt, generate_series(1, 66000) n WHERE id = %s",
            [first.pk],
        )
    for action, tag in ((Action.RETIRE, ""), (Action.APPROVE, ""), (Action.TAG, "x"), (Action.UNTAG, "x")):
        changed = change(project, curator, action, tag=tag)
        assert changed.changed == 66_001
    assert changed.change is not None
    assert undo_change(project=project, uid=changed.change.uid, user=curator) == 66_001
