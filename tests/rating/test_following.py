"""When a version of the rubric is published, items that nobody has begun move to it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.accounts.models import User
from apps.generation.models import ResponseStatus
from apps.projects.models import Project, Rubric
from apps.projects.rubric_versions import publish_rubric
from apps.projects.rubrics import RubricDocument
from apps.rating import following
from apps.rating import items as items_module
from apps.rating.allocation import claim_next
from apps.rating.curation.withdrawing import return_items, withdraw_items
from apps.rating.following import follow_rubric, follow_rubrics, foresee_move
from apps.rating.holding import leave_item, skip_item
from apps.rating.items import build_items, find_projects_with_news
from apps.rating.models import Annotation, Item, Lease, RaterState, ReturnedItem
from apps.rating.submission import submit_annotation
from tests.factories import ProjectFactory, PromptFactory, ResponseFactory
from tests.rating import factories
from tests.rating.factories import make_items, say
from tests.rating.moves import change_item, claim, finish, join, run_out, submit, walk

pytestmark = pytest.mark.django_db


def ask(size: int, title: str) -> RubricDocument:
    kind = {"kind": "preference"} if size == 2 else {"kind": "text", "about": "conversation"}
    question = {"key": "preference", "title": title, "required": False, **kind}
    return RubricDocument.model_validate({"responses": size, "questions": [question]})


def publish(project: Project, size: int = 2, title: str = "New?") -> Rubric:
    document = ask(size, title)
    return publish_rubric(project=project, user=None, document=document, based_on=project.rubric.version)


def read_versions(project: Project) -> dict[int, int]:
    return dict(project.items.values_list("pk", "rubric__version"))


def build_all(project: Project) -> None:
    while build_items(project=project):
        pass


@pytest.fixture
def items(project: Project) -> list[Item]:
    project.overlap = 2
    project.save(update_fields=["overlap"])
    return make_items(project, 4)


def test_unbegun_items_move_and_begun_ones_stay(project: Project, items: list[Item]) -> None:
    answered = finish(project, join(project))
    rater = join(project)
    submit(claim(project, rater))
    held = claim(project, rater)
    publish(project)
    follow_rubrics()
    versions = read_versions(project)
    assert {versions[answered], versions[held.item_id]} == {1}
    assert [versions[item.pk] for item in items[2:]] == [2, 2]
    project.refresh_from_db()
    assert project.rubric_followed == 2


def test_begun_items_finish_under_their_version(project: Project, items: list[Item]) -> None:
    begun = finish(project, join(project))
    publish(project)
    follow_rubrics()
    for _ in range(2):
        walk(project, join(project))
    versions = dict(Annotation.objects.values_list("item", "rubric__version").distinct())
    assert versions == {item.pk: 1 if item.pk == begun else 2 for item in items}
    assert set(Item.objects.values_list("taken", "counted")) == {(2, 2)}


def test_what_is_in_review_or_withdrawn_moves_too(project: Project, items: list[Item]) -> None:
    change_item(items[0], status="review")
    change_item(items[1], status="withdrawn")
    publish(project)
    follow_rubrics()
    assert set(read_versions(project).values()) == {2}
    assert Item.objects.get(pk=items[1].pk).status == "withdrawn"


def test_an_answer_keeps_the_version_that_it_was_given_under(project: Project, items: list[Item]) -> None:
    finish(project, join(project))
    publish(project)
    publish(project, title="Newer?")
    follow_rubrics()
    assert Annotation.objects.get().rubric.version == 1
    assert sorted(read_versions(project).values()) == [1, 3, 3, 3]


def test_only_projects_that_are_behind_are_looked_at(
    project: Project, items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Project] = []
    monkeypatch.setattr(following, "follow_rubric", lambda *, project: seen.append(project))
    follow_rubrics()
    assert seen == []
    publish(project)
    follow_rubrics()
    assert seen == [project]


def test_many_items_move_in_chunks(
    project: Project, items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "CHUNK", 3)
    publish(project)
    follow_rubrics()
    assert set(read_versions(project).values()) == {2}


def test_a_sweep_that_is_late_takes_nothing_back(
    project: Project, items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    second = publish(project)
    publish(project, title="Newer?")
    follow_rubrics()
    monkeypatch.setattr(Project, "rubric", second)
    follow_rubric(project=project)
    assert set(read_versions(project).values()) == {3}
    assert Project.objects.get(pk=project.pk).rubric_followed == 3


@pytest.mark.parametrize("size", [1, 2])
def test_what_is_taken_since_it_was_found_is_left_alone(
    project: Project, items: list[Item], monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    find = following._find_chunk
    held: list[Lease] = []

    def find_and_lose(project: Project, rubric: Rubric, after: int) -> list[int]:
        chunk = find(project, rubric, after)
        held.extend([claim(project, join(project))] if not held else [])
        return chunk

    publish(project, size)
    monkeypatch.setattr(following, "_find_chunk", find_and_lose)
    follow_rubrics()
    item = Item.objects.get(pk=held[0].item_id)
    assert (item.rubric.version, item.status) == (1, "open")


def test_what_another_sweep_has_moved_further_since_is_left_alone(
    project: Project, items: list[Item]
) -> None:
    second = publish(project)
    found = following._find_chunk(project, second, 0)
    publish(project, title="Newer?")
    follow_rubrics()
    following._move_chunk(found, second, following.find_fitting(project, second))
    assert set(read_versions(project).values()) == {3}


def test_raters_who_passed_an_item_look_again(project: Project, items: list[Item]) -> None:
    rater = join(project)
    finish(project, rater)
    assert RaterState.objects.get(rater=rater).cursor > 0
    publish(project)
    follow_rubrics()
    assert RaterState.objects.get(rater=rater).cursor == 0


def test_other_sized_items_are_built_anew_and_begun_ones_stay(project: Project, items: list[Item]) -> None:
    begun = finish(project, join(project))
    publish(project, 1)
    follow_rubrics()
    assert list(read_versions(project)) == [begun]
    assert find_projects_with_news() == [project]
    build_all(project)
    sizes = [item.responses.count() for item in Item.objects.filter(rubric__version=2)]
    assert sizes == [1] * 8
    assert Item.objects.get(pk=begun).rubric.version == 1
    assert find_projects_with_news() == []


def test_nothing_is_built_while_items_of_another_size_give_way(project: Project, items: list[Item]) -> None:
    publish(project, 1)
    assert build_items(project=project) == 0
    assert set(read_versions(project).values()) == {1}


def test_a_project_without_items_need_not_wait(project: Project) -> None:
    publish(project, 1)
    assert len(make_items(project)) == 2


def test_an_item_that_somebody_met_is_withdrawn_and_comes_back(project: Project, items: list[Item]) -> None:
    run_out(claim(project, join(project)))
    publish(project, 1)
    follow_rubrics()
    (met,) = Item.objects.all()
    assert (met.pk, met.status, met.rubric.version) == (items[0].pk, "withdrawn", 1)
    build_all(project)
    publish(project, 2, "Again?")
    follow_rubrics()
    build_all(project)
    met.refresh_from_db()
    assert (met.status, met.rubric.version) == ("open", 3)
    assert set(read_versions(project).values()) == {3}
    assert Item.objects.count() == 4
    assert len(walk(project, join(project))) == 4


def test_what_a_curator_withdrew_does_not_come_back(project: Project, items: list[Item]) -> None:
    change_item(items[0], status="withdrawn")
    for size in (1, 2):
        publish(project, size)
        follow_rubrics()
        build_all(project)
    assert Item.objects.get(pk=items[0].pk).status == "withdrawn"
    assert Item.objects.count() == 4


def test_items_of_prompts_alone_follow_items_of_pairs_and_back(project: Project, items: list[Item]) -> None:
    for size, found in ((0, 4), (2, 4), (0, 4), (3, 4), (1, 8)):
        publish(project, size, f"With {size}?")
        follow_rubrics()
        build_all(project)
        assert Item.objects.filter(status="open").count() == found
        assert find_projects_with_news() == []


def test_what_will_happen_is_said_before(project: Project, items: list[Item]) -> None:
    assert foresee_move(project=project, document=ask(2, "New?")).said == (
        "Four unbegun items move, no begun ones finish under version 1"
    )
    finish(project, join(project))
    assert foresee_move(project=project, document=ask(1, "New?")).said == (
        "Three unbegun items give way to items of one response, one begun one finishes under version 1"
    )


def test_without_items_nothing_changes(project: Project) -> None:
    said = foresee_move(project=project, document=ask(2, "New?")).said
    assert said == "No item waits for answers now, so none changes"


class AnyHistory(TestCase):
    """Whatever people do between publications, no answer changes and no slot is lost or doubled."""

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        moves=st.lists(
            st.sampled_from(["finish", "claim", "run out", "sweep", "build"]) | st.sampled_from([0, 1, 2, 3]),
            max_size=12,
        )
    )
    def test_it(self, moves: list[Any]) -> None:
        project = ProjectFactory(overlap=2)
        make_items(project, 2, responses=3)
        raters = [join(project), join(project)]
        given_before: dict[Any, Any] = {}
        for number, move in enumerate(moves):
            self.act(project, raters[number % 2], move, f"Question {number}?")
            now = dict(Annotation.objects.filter(item__project=project).values_list("uid", "rubric"))
            assert now.items() >= given_before.items()
            given_before = now
        follow_rubrics()
        project.refresh_from_db()
        build_all(project)
        self.check(project)

    def act(self, project: Project, rater: User, move: Any, title: str) -> None:
        if isinstance(move, int):
            publish(project, move, title)
        elif move == "sweep":
            follow_rubrics()
        elif move == "build":
            build_all(project)
        elif (lease := claim_anything(project, rater)) is not None:
            if move == "finish":
                submit_anything(lease)
            elif move == "run out":
                run_out(lease)

    def check(self, project: Project) -> None:
        rubric = project.rubric
        for item in project.items.filter(taken=0, status="open"):
            assert item.rubric == rubric
        for item in project.items.all():
            assert item.counted == item.annotations.counted().count()
            assert item.taken - item.counted == item.leases.open().count()
            for answer in item.annotations.counted():
                assert answer.rubric_id == item.rubric_id
        assert project.items.filter(rubric=rubric).exists()


def claim_anything(project: Project, rater: User) -> Lease | None:
    project.refresh_from_db()
    return claim_next(project=project, rater=rater)


def submit_anything(lease: Lease) -> None:
    is_pair = lease.item.rubric.questions.responses == 2
    submit_annotation(
        project=lease.project,
        rater=lease.rater,
        lease_uid=str(lease.uid),
        answers=factories.given(say("tie") if is_pair else {}),
    )


def test_a_small_group_that_somebody_met_is_a_whole_one_of_a_smaller_size(project: Project) -> None:
    publish(project, size=4)
    follow_rubrics()
    (item,) = make_items(project, responses=3)
    lease = claim(project, join(project))
    run_out(lease)
    publish(project, size=3)
    follow_rubrics()
    build_all(project)
    assert read_versions(project) == {item.pk: 3}
    assert claim(project, join(project)).item_id == item.pk


def test_what_is_left_over_of_a_new_size_joins_later_ones_though_it_was_in_a_pair(project: Project) -> None:
    prompt = make_items(project, responses=4)[0].prompt
    walk(project, join(project))
    publish(project, size=3)
    follow_rubrics()
    build_all(project)
    ResponseFactory.create_batch(2, prompt=prompt)
    build_all(project)
    grouped = project.items.filter(rubric__version=2).values_list("responses", flat=True)
    assert sorted(grouped) == sorted(prompt.responses.values_list("pk", flat=True))


def test_groups_that_wait_for_more_keep_none_from_being_built(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items_module, "CHUNK", 4)
    publish(project, size=3)
    follow_rubrics()
    for prompt in PromptFactory.create_batch(5, project=project):
        ResponseFactory(prompt=prompt)
        ResponseFactory(prompt=prompt, status=ResponseStatus.WAITING, text="", finished_at=None)
    ResponseFactory.create_batch(3, prompt=PromptFactory(project=project))
    assert build_items(project=project) == 1


def test_an_uncounted_answer_sent_again_is_read_by_the_version_that_it_was_given_under(
    project: Project, rater: User
) -> None:
    make_items(project)
    lease = claim(project, rater)
    run_out(lease)
    other = claim(project, join(project))
    submit(lease)
    run_out(other)
    publish(project, title="Newer?")
    follow_rubrics()
    asked: list[str] = []

    def answer(rubric: RubricDocument, shown: Any) -> dict[str, Any]:
        asked.append(rubric.questions[0].title)
        return say("tie")

    again = submit_annotation(project=project, rater=rater, lease_uid=str(lease.uid), answers=answer)
    assert again.is_what_was_sent
    assert asked == ["Which response is better?"]
    assert read_versions(project) == {lease.item_id: 2}


# --- what is given back after its version was left ----------------------------------------------------
def skip(lease: Lease) -> None:
    skip_item(project=lease.project, rater=lease.rater, lease_uid=str(lease.uid), reason="other")


def leave(lease: Lease) -> None:
    leave_item(project=lease.project, rater=lease.rater, lease_uid=str(lease.uid))


@pytest.mark.parametrize("give_back", [run_out, skip, leave])
def test_what_nobody_has_any_more_moves_too(
    project: Project, items: list[Item], give_back: Callable[[Lease], None]
) -> None:
    lease = claim(project, join(project))
    publish(project)
    follow_rubrics()
    follow_rubrics()
    assert read_versions(project)[lease.item_id] == 1
    give_back(lease)
    follow_rubrics()
    assert set(read_versions(project).values()) == {2}


def test_what_somebody_else_holds_or_has_answered_stays(project: Project, items: list[Item]) -> None:
    lease, other = claim(project, join(project)), claim(project, join(project))
    assert lease.item_id == other.item_id
    publish(project)
    follow_rubrics()
    run_out(lease)
    follow_rubrics()
    assert read_versions(project)[lease.item_id] == 1
    submit(other)
    follow_rubrics()
    assert read_versions(project)[lease.item_id] == 1


def test_what_is_given_back_gives_way_to_items_of_another_size(project: Project, items: list[Item]) -> None:
    lease = claim(project, join(project))
    publish(project, 1)
    follow_rubrics()
    build_all(project)
    skip(lease)
    follow_rubrics()
    item = Item.objects.get(pk=lease.item_id)
    assert (item.status, item.is_outgrown, item.rubric.version) == ("withdrawn", True, 1)
    assert not ReturnedItem.objects.filter(item=item).exists()
    assert Item.objects.filter(status="open", rubric__version=2).count() == 8


def test_what_was_withdrawn_while_its_version_was_left_moves_when_it_is_put_back(
    project: Project, items: list[Item]
) -> None:
    lease = claim(project, join(project))
    publish(project)
    follow_rubrics()
    with TestCase.captureOnCommitCallbacks(execute=True):
        withdraw_items(project=project, items=[lease.item_id], by=None)
    follow_rubrics()
    assert read_versions(project)[lease.item_id] == 1
    return_items(project=project, items=[lease.item_id], by=None)
    follow_rubrics()
    assert read_versions(project)[lease.item_id] == 2


def test_projects_that_nothing_came_back_to_are_not_looked_at(
    project: Project, items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Project] = []
    monkeypatch.setattr(following, "follow_returned", lambda *, project: seen.append(project))
    follow_rubrics()
    assert seen == []
    run_out(claim(project, join(project)))
    follow_rubrics()
    assert seen == [project]
