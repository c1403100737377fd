"""Snapshots say how many of their rows rest on what was erased since."""

from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.datasets.models import Erasure, Snapshot
from apps.datasets.snapshots import erasure, making
from apps.datasets.snapshots.erasure import erase_prompt, erase_rater, mark_erased
from apps.projects.models import Project
from tests.datasets.factories import make_judged
from tests.datasets.snapshots.conftest import Make
from tests.factories import PromptFactory, UserFactory

pytestmark = pytest.mark.django_db


def count_erased() -> list[int]:
    return list(Snapshot.objects.order_by("id").values_list("erased", flat=True))


def test_rows_of_an_erased_prompt_are_counted_in_all_formats(
    project: Project, make: Make, owner: User
) -> None:
    prompt = PromptFactory(project=project)
    make_judged(project, "a3 a3", prompt=prompt)
    make(formats=["preference"])
    make_judged(project, "b3 b3", prompt=prompt, texts=("One.", "Two."))
    make_judged(project, "a3 a3")
    make(formats=["preference", "implicit", "comparisons"])
    assert mark_erased(project=project, prompt=prompt, user=owner) == 2
    assert count_erased() == [1, 2 + 2 + 4]
    told = AuditEvent.objects.get(action="dataset.erased")
    assert (told.actor, told.data) == (owner, {"what": "prompt", "uid": str(prompt.uid)})


def test_rows_that_a_rater_is_behind_are_counted(project: Project, make: Make) -> None:
    one, other = UserFactory(), UserFactory()
    make_judged(project, "a3 a3", raters=[one, other])
    make_judged(project, "a3", raters=[other])
    make("First", formats=["preference"])
    make("Second", formats=["preference", "comparisons"])
    mark_erased(project=project, rater=one, user=None)
    assert count_erased() == [1, 2]
    mark_erased(project=project, rater=other, user=None)
    assert count_erased() == [2, 5]


def test_what_is_erased_twice_counts_once(project: Project, make: Make) -> None:
    rater = UserFactory()
    item = make_judged(project, "a3", raters=[rater])
    make(formats=["preference"])
    for _ in range(2):
        mark_erased(project=project, prompt=item.prompt, user=None)
        mark_erased(project=project, rater=rater, user=None)
    assert count_erased() == [1]
    assert Erasure.objects.count() == 2


def test_other_projects_rows_are_not_touched(project: Project, rated: Project, make: Make) -> None:
    make(formats=["preference"])
    stranger = PromptFactory()
    assert mark_erased(project=stranger.project, prompt=stranger, user=None) == 0
    assert count_erased() == [0]


def test_an_erased_prompt_is_gone_with_all_that_hung_on_it(rated: Project, make: Make, owner: User) -> None:
    make(formats=["preference"])
    prompt = rated.items.earliest("pk").prompt
    assert erase_prompt(project=rated, prompt=prompt, user=owner) == 1
    assert not rated.prompts.filter(pk=prompt.pk).exists()
    assert rated.items.count() == 3
    later = make(formats=["preference"])
    assert (later.pairs, later.erased) == (2, 0)
    assert count_erased() == [1, 0]


def test_an_erased_raters_answers_are_in_no_later_dataset(project: Project, make: Make) -> None:
    one, other = UserFactory(), UserFactory()
    make_judged(project, "a3 a1", raters=[one, other])
    make_judged(project, "a3", raters=[one], texts=("One.", "Two."))
    make(formats=["preference", "comparisons"])
    assert erase_rater(project=project, rater=one, user=None) == 1
    later = make(formats=["preference", "comparisons"])
    assert (later.pairs, later.manifest["counts"]["votes"], later.erased) == (1, 1, 0)
    assert later.manifest["left_out"]["items"] == {"filtered": 1}
    assert count_erased() == [4, 0]


def test_what_is_erased_while_it_is_made_is_counted_at_its_end(
    rated: Project, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = making.write_card

    def erase_then_write(*args: Any, **kwargs: Any) -> None:
        erase_prompt(project=rated, prompt=rated.items.earliest("pk").prompt, user=None)
        card(*args, **kwargs)

    monkeypatch.setattr(making, "write_card", erase_then_write)
    assert make(formats=["preference"]).erased == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_made_while_a_prompt_is_erased_lacks_it_or_says_so(
    rated: Project, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Snapshot] = []
    count = erasure.count_erased

    def make_elsewhere() -> None:
        made.append(make(formats=["preference"]))
        connection.close()

    def count_then_make(*, project: Project) -> int:
        found = count(project=project)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(make_elsewhere).result()
        return found

    monkeypatch.setattr(erasure, "count_erased", count_then_make)
    erase_prompt(project=rated, prompt=rated.items.earliest("pk").prompt, user=None)
    made[0].refresh_from_db()
    assert made[0].pairs - made[0].erased == 2


def test_the_command_erases_both(rated: Project, make: Make) -> None:
    make(formats=["preference"])
    first, second, *_ = rated.items.order_by("pk")
    rater = second.annotations.earliest("pk").rater
    call_command("erase_from_datasets", "helpful", "--prompt", str(first.prompt.uid), stdout=StringIO())
    call_command("erase_from_datasets", "helpful", "--rater", rater.email, stdout=StringIO())
    assert count_erased() == [2]
    for words in (["--prompt", str(first.prompt.uid)], ["--rater", "nobody@example.org"]):
        with pytest.raises(CommandError, match="There is no"):
            call_command("erase_from_datasets", "helpful", *words)
