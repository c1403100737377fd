from collections.abc import Iterator
from typing import Any

import pytest

from apps.accounts.models import User
from apps.core.errors import ConflictError, InvalidInputError
from apps.core.models import AuditEvent
from apps.datasets import held_out
from apps.datasets.errors import InvalidRecipeError
from apps.datasets.held_out import (
    add_held_out_list,
    check_all_held_out,
    check_held_out,
    count_unchecked,
    find_held_out,
    remove_held_out_list,
)
from apps.datasets.models import HeldOutList, HeldOutMatch
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.recipes.saving import save_recipe
from apps.projects.models import Project
from apps.prompts.models import Prompt
from tests.factories import ProjectFactory, PromptFactory

TEXTS = ["Which of the seven hills of Rome is the highest one?", "Who wrote Hamlet?"]


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Messages to workers."""
    sent: list[str] = []
    monkeypatch.setattr(held_out.current_app, "send_task", lambda name, **_: sent.append(name))
    return sent


@pytest.fixture
def listed(project: Project, owner: User) -> HeldOutList:
    return add_held_out_list(project=project, name="Quiz", texts=TEXTS, words=6, actor=owner)


def ask(project: Project, *contents: str) -> Prompt:
    prompt: Prompt = PromptFactory(
        project=project, messages=[{"role": "user", "content": one} for one in contents]
    )
    return prompt


def list_matches(listed: HeldOutList) -> list[tuple[int, int, int, bool, str]]:
    return list(listed.matches.values_list("prompt", "text", "run", "is_whole", "shared"))


class TestAdding:
    def test_each_text_is_kept_once_and_a_worker_told(
        self, project: Project, owner: User, sent: list[str], django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            listed = add_held_out_list(
                project=project, name=" Quiz ", texts=["One?", "one", "?!", " Two\0. "], actor=owner
            )
        assert (listed.name, listed.texts, listed.words) == ("Quiz", ["One?", "Two."], 13)
        assert sent == ["apps.datasets.tasks.check_held_out_lists"]
        event = AuditEvent.objects.get(action="dataset.held_out_added")
        assert (event.actor, event.data["texts"]) == (owner, 2)

    @pytest.mark.parametrize(
        "wrong",
        [{"name": " "}, {"name": "x" * 121}, {"texts": []}, {"texts": ["?"]}, {"words": 2}, {"words": 51}],
    )
    def test_what_cannot_be_a_list_is_refused(
        self, project: Project, owner: User, wrong: dict[str, Any]
    ) -> None:
        with pytest.raises(InvalidInputError):
            add_held_out_list(**{"project": project, "name": "Quiz", "texts": TEXTS, "actor": owner} | wrong)
        assert not HeldOutList.objects.exists()

    @pytest.mark.parametrize("limit", ["MOST_TEXTS", "MOST_LETTERS"])
    def test_too_much_is_refused(
        self, project: Project, owner: User, limit: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(held_out, limit, 1)
        with pytest.raises(InvalidInputError, match="this is more"):
            add_held_out_list(project=project, name="Quiz", texts=TEXTS, actor=owner)

    def test_a_name_is_used_once(self, listed: HeldOutList, owner: User) -> None:
        with pytest.raises(ConflictError, match="Quiz"):
            add_held_out_list(project=listed.project, name="Quiz", texts=["x"], actor=owner)


class TestChecking:
    def test_prompts_that_share_too_much_are_noted(self, listed: HeldOutList) -> None:
        long = ask(listed.project, "Hello.", "Tell me: which of the SEVEN hills of Rome is steepest?")
        whole = ask(listed.project, "who wrote hamlet")
        ask(listed.project, "Who wrote Hamlet, and when?")
        assert check_held_out(listed) == 2
        assert list_matches(listed) == [
            (long.pk, 0, 8, False, "which of the SEVEN hills of Rome is"),
            (whole.pk, 1, 3, True, "who wrote hamlet"),
        ]

    def test_the_system_turn_counts(self, listed: HeldOutList) -> None:
        messages = [{"role": "system", "content": TEXTS[0]}, {"role": "user", "content": "Answer."}]
        PromptFactory(project=listed.project, messages=messages)
        assert check_held_out(listed) == 1

    def test_twice_is_once_and_new_prompts_are_compared(self, listed: HeldOutList) -> None:
        ask(listed.project, "Who wrote Hamlet?")
        assert count_unchecked(listed) == 1
        assert [check_held_out(listed), check_held_out(listed), count_unchecked(listed)] == [1, 0, 0]
        ask(listed.project, TEXTS[0])
        assert [count_unchecked(listed), check_held_out(listed)] == [1, 1]
        assert listed.matches.count() == 2

    def test_other_projects_are_left_alone(self, listed: HeldOutList) -> None:
        ask(ProjectFactory(), TEXTS[0])
        assert check_held_out(listed) == 0

    def test_it_goes_on_where_it_was_stopped(
        self, listed: HeldOutList, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        prompts = [ask(listed.project, f"{TEXTS[0]} {n}") for n in range(4)]
        walk = held_out.walk_prompts

        def one_by_one(*args: Any) -> Iterator[list[Any]]:
            for part in walk(*args):
                yield from ([one] for one in part)

        monkeypatch.setattr(held_out, "walk_prompts", one_by_one)
        told: list[int] = []

        def stop(done: int) -> None:
            told.append(done)
            if len(told) == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            check_held_out(listed, tell=stop)
        listed.refresh_from_db()
        assert (listed.checked_to, listed.matches.count()) == (prompts[1].pk, 2)
        assert check_held_out(listed) == 2
        assert [one[0] for one in list_matches(listed)] == [one.pk for one in prompts]

    def test_two_at_once_write_the_same(self, listed: HeldOutList) -> None:
        prompt = ask(listed.project, TEXTS[0])
        stale = HeldOutList.objects.get(pk=listed.pk)
        check_held_out(listed)
        HeldOutList.objects.filter(pk=listed.pk).update(checked_to=0)
        check_held_out(stale)
        assert HeldOutMatch.objects.filter(prompt=prompt).count() == 1

    def test_what_another_has_checked_further_stays_checked(self, listed: HeldOutList) -> None:
        prompt = ask(listed.project, "x")
        assert held_out._keep(listed, [], prompt.pk + 5)
        assert held_out._keep(listed, [], prompt.pk)
        listed.refresh_from_db()
        assert listed.checked_to == prompt.pk + 5

    def test_a_list_that_was_removed_meanwhile_ends_it(self, listed: HeldOutList) -> None:
        assert HeldOutList.objects.filter(pk=listed.pk).delete()
        assert not held_out._keep(listed, [], 1)

    def test_a_prompt_that_was_deleted_meanwhile_is_left_out(self, listed: HeldOutList) -> None:
        prompt = ask(listed.project, TEXTS[0])
        matches = [HeldOutMatch(list=listed, prompt_id=prompt.pk, text=0, shared="x", run=6)]
        Prompt.objects.filter(pk=prompt.pk).delete()
        assert held_out._keep(listed, matches, 1)
        assert not listed.matches.exists()

    def test_all_lists_are_brought_up_to_date(self, listed: HeldOutList, owner: User) -> None:
        other = add_held_out_list(project=listed.project, name="More", texts=["Who?"], actor=owner)
        ask(listed.project, TEXTS[0], "Who!")
        check_all_held_out()
        assert [listed.matches.count(), other.matches.count()] == [1, 1]


class TestRemoving:
    def test_it_goes_with_its_matches(self, listed: HeldOutList, owner: User) -> None:
        ask(listed.project, TEXTS[0])
        check_held_out(listed)
        remove_held_out_list(listed=listed, actor=owner)
        assert not HeldOutMatch.objects.exists()
        assert AuditEvent.objects.filter(action="dataset.held_out_removed", actor=owner).exists()

    def test_what_is_known_of_the_recipes_that_name_it_is_kept(
        self, listed: HeldOutList, owner: User
    ) -> None:
        document = RecipeDocument.model_validate({"held_out": {"list": str(listed.uid)}})
        version = save_recipe(project=listed.project, name="Pairs", document=document, user=owner)
        remove_held_out_list(listed=listed, actor=owner)
        event = AuditEvent.objects.get(action="dataset.held_out_removed")
        assert event.data["recipes"] == [str(version.recipe.uid)]
        with pytest.raises(InvalidRecipeError, match="not in the project"):
            find_held_out(listed.project, document.held_out)
