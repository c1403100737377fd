"""An edit makes a successor, checked as an import checks it."""

import pytest

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.core.models import AuditEvent
from apps.projects.models import Project
from apps.prompts.curation import add_prompt
from apps.prompts.editing import EditedMeanwhileError, SaidAlreadyError, edit_prompt
from apps.prompts.models import Prompt, PromptStatus
from apps.prompts.personal_data.configuring import change_settings
from apps.prompts.versions import list_versions

pytestmark = pytest.mark.django_db


@pytest.fixture
def prompt(project: Project, curator: User) -> Prompt:
    return add_prompt(
        project=project, text="Why is the sky blue?", system="Be brief.", category="physics", user=curator
    )


def edit(prompt: Prompt, user: User, *texts: str, category: str = "physics") -> Prompt:
    return edit_prompt(prompt=prompt, texts=list(texts), category=category, user=user)


def test_the_old_one_is_retired_and_keeps_its_words(prompt: Prompt, curator: User) -> None:
    Prompt.objects.filter(pk=prompt.pk).update(tags=["hard"])
    successor = edit(prompt, curator, "Be brief.", "Why is the sky\r\nred?")
    prompt.refresh_from_db()
    assert (prompt.status, prompt.last_message) == (PromptStatus.RETIRED, "Why is the sky blue?")
    assert (successor.replaces, successor.status) == (prompt, PromptStatus.APPROVED)
    assert successor.last_message == "Why is the sky\nred?"
    assert (successor.tags, successor.category, successor.words) == (["hard"], "physics", 7)
    assert successor.cluster_id == prompt.cluster_id is not None
    event = AuditEvent.objects.get(action="prompt.edited")
    assert (event.subject, event.data["successor"]) == (f"prompt:{prompt.uid}", str(successor.uid))


def test_the_second_of_two_learns_of_the_first(prompt: Prompt, curator: User) -> None:
    first = edit(prompt, curator, "Be brief.", "First")
    with pytest.raises(EditedMeanwhileError, match="Your text is kept") as caught:
        edit(prompt, curator, "Be brief.", "Second")
    assert caught.value.successor == first.uid
    assert Prompt.objects.count() == 2


def test_an_empty_system_turn_is_taken_away(prompt: Prompt, curator: User) -> None:
    assert edit(prompt, curator, " ", "Why?").messages == [{"role": "user", "content": "Why?"}]


def test_it_is_checked_as_at_import(prompt: Prompt, curator: User) -> None:
    with pytest.raises(InvalidInputError, match="Empty prompt"):
        edit(prompt, curator, "Be brief.", "  ")
    with pytest.raises(InvalidInputError, match="NUL"):
        edit(prompt, curator, "Be brief.", "a\0b")


def test_what_another_prompt_says_is_not_stored_again(prompt: Prompt, curator: User) -> None:
    other = add_prompt(project=prompt.project, text="Why?", user=curator)
    with pytest.raises(SaidAlreadyError) as caught:
        edit(prompt, curator, "", "Why?")
    assert caught.value.other == other.uid


def test_the_same_words_again_are_no_edit(prompt: Prompt, curator: User) -> None:
    with pytest.raises(InvalidInputError, match="Nothing differs"):
        edit(prompt, curator, "Be brief.", "Why is the sky blue?")


def test_another_category_makes_no_new_version(prompt: Prompt, curator: User) -> None:
    same = edit(prompt, curator, "Be brief.", "Why is the sky blue?", category="optics")
    prompt.refresh_from_db()
    assert (same.pk, prompt.category, prompt.status) == (prompt.pk, "optics", PromptStatus.APPROVED)


@pytest.mark.parametrize(
    ("policy", "status", "said"),
    [
        ("hold", PromptStatus.HELD, "Ask rita@example.org"),
        ("mask", PromptStatus.APPROVED, "Ask [e-mail masked]"),
    ],
)
def test_personal_data_in_it_is_treated_as_at_import(
    prompt: Prompt, curator: User, policy: str, status: str, said: str
) -> None:
    change_settings(project=prompt.project, user=curator, changes={"policy": policy})
    successor = edit(prompt, curator, "Be brief.", "Ask rita@example.org")
    assert (successor.status, successor.last_message) == (status, said)
    assert [finding["kind"] for finding in successor.findings] == ["e-mail"]


@pytest.mark.parametrize("status", [PromptStatus.DRAFT, PromptStatus.RETIRED])
def test_what_was_not_in_use_becomes_a_draft(prompt: Prompt, curator: User, status: PromptStatus) -> None:
    Prompt.objects.filter(pk=prompt.pk).update(status=status)
    assert edit(prompt, curator, "Be brief.", "Why?").status == PromptStatus.DRAFT


def test_all_versions_are_told_with_what_differs(prompt: Prompt, curator: User) -> None:
    second = edit(prompt, curator, "Be brief.", "Why is the sky red?")
    third = edit(second, curator, "Be brief.", "Why is the sea red?")
    versions = list_versions(prompt=second)
    assert [version.prompt.pk for version in versions] == [prompt.pk, second.pk, third.pk]
    assert [version.is_this for version in versions] == [False, True, False]
    marked = [
        [words.text.strip() for words in version.text.words if words.differs] if version.text else []
        for version in versions
    ]
    assert marked == [[], ["red?"], ["sea"]]
    assert list_versions(prompt=add_prompt(project=prompt.project, text="Alone", user=curator)) == []
