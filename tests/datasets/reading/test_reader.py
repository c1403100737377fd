"""What the database has of a project, as records."""

import sys
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import User
from apps.datasets.evidence import Evidence, ItemFacts, Written
from apps.datasets.keys import Pseudonyms
from apps.datasets.models import HeldOutList
from apps.datasets.overlap.late import LateCheck
from apps.datasets.reading import reader as reading
from apps.datasets.reading.reader import Reader
from apps.generation.models import Response, ResponseStatus
from apps.projects.models import Guideline, Project, Rubric
from apps.quality.consensus import Vote
from apps.rating.models import Annotation
from tests.datasets.factories import (
    annotate,
    cast_vote,
    compare,
    import_answer,
    list_responses,
    make_item,
    make_judged,
    rate,
    write,
)
from tests.factories import PAIRWISE, ModelConfigFactory, PromptFactory, ResponseFactory, UserFactory

NAMES = Pseudonyms(b"key")


def read(project: Project, **options: Any) -> list[Evidence]:
    return [one for part in Reader(project, NAMES, **options).iterate() for one in part]


def read_item(project: Project) -> ItemFacts:
    (evidence,) = read(project)
    (item,) = evidence.items
    return item


class TestItems:
    def test_an_item_has_its_responses_and_every_vote(self, project: Project) -> None:
        raters = [UserFactory(), UserFactory()]
        stored = make_judged(project, "b3 tie", raters=raters, texts=("One.", " Two.\n"))
        item = read_item(project)
        assert (item.id, item.uid, item.kind, item.rubric) == (stored.pk, str(stored.uid), "ordinary", 1)
        assert item.is_complete
        assert [one.id for one in item.responses] == [one.pk for one in list_responses(stored)]
        assert [one.length for one in item.responses] == [4, 4]
        assert [dict(one.pairs) for one in item.ballots] == [
            {(0, 1): Vote("prefers", "b", 3, 3)},
            {(0, 1): Vote("tie", None, 0, 3)},
        ]
        assert [one.rater for one in item.ballots] == [NAMES.name_rater(str(one.uid)) for one in raters]
        assert [one.annotation for one in item.ballots] == [str(a.uid) for a in stored.annotations.all()]
        assert [one.shown for one in item.ballots] == [(0, 1), (1, 0)]
        assert [one.guideline for one in item.ballots] == [1, 1]

    def test_a_ranking_has_all_its_pairs_by_place(self, project: Project, rater: User) -> None:
        item = make_item(project, texts=("A", "B", "C"), overlap=1)
        annotation = annotate(item, rater, shown=[2, 0, 1])
        compare(annotation, (2, 0), "a1", steps=1)
        compare(annotation, (0, 1), "tie", steps=1)
        compare(annotation, (2, 1), "b1", steps=1)
        (ballot,) = read_item(project).ballots
        assert dict(ballot.pairs) == {
            (0, 2): Vote("prefers", "b", 1, 1),
            (0, 1): Vote("tie", None, 0, 1),
            (1, 2): Vote("prefers", "a", 1, 1),
        }
        assert ballot.shown == (2, 0, 1)

    def test_a_prompt_has_all_its_items_the_oldest_first(self, project: Project) -> None:
        first, second = PromptFactory(project=project), PromptFactory(project=project)
        items = [make_judged(project, "a1", prompt=one) for one in (first, second, first)]
        found = read(project)
        assert [one.prompt.id for one in found] == [first.pk, second.pk]
        assert [[item.id for item in one.items] for one in found] == [
            [items[0].pk, items[2].pk],
            [items[1].pk],
        ]

    def test_an_item_without_responses_has_what_was_written(self, project: Project, rater: User) -> None:
        annotation = annotate(make_item(project, texts=(), overlap=1), rater, shown=())
        write(annotation, "demonstration", "Like this.")
        item = read_item(project)
        assert item.responses == ()
        assert item.ballots[0].written == (Written("demonstration", "Like this.", None),)

    def test_what_nobody_has_answered_is_left_out(self, project: Project) -> None:
        make_item(project)
        assert read(project) == []

    def test_another_project_is_left_out(self, project: Project) -> None:
        make_judged(project, "a1")
        other = Project.objects.create(name="Other", slug="other")
        assert read(other) == []

    def test_the_version_is_the_rubrics(self, project: Project, rater: User) -> None:
        newer = Rubric.objects.create(project=project, version=2, document=PAIRWISE)
        item = make_judged(project, "a1", raters=[rater], rubric=newer)
        Guideline.objects.create(project=project, version=2, text="# More")
        assert read_item(project).rubric == 2
        item.annotations.update(rubric=project.rubrics.get(version=1))
        assert read_item(project).ballots[0].rubric == 1


class TestAnnotations:
    def test_a_superseded_revision_is_not_read(self, project: Project, rater: User) -> None:
        item = make_item(project, overlap=1)
        old = cast_vote(item, rater, "a1")
        old.pair_outcomes.all().delete()
        Annotation.objects.filter(pk=old.pk).update(superseded_at=timezone.now(), is_counted=False)
        new = Annotation.objects.get(pk=old.pk)
        new.pk, new.uid, new.revision = None, UserFactory().uid, 2
        new.superseded_at, new.is_counted = None, True
        new.save()
        compare(new, (0, 1), "b2")
        (ballot,) = read_item(project).ballots
        assert ballot.annotation == str(new.uid)
        assert ballot.pairs == {(0, 1): Vote("prefers", "b", 2, 3)}

    def test_one_that_is_not_counted_is_not_read(self, project: Project) -> None:
        item = make_judged(project, "a1 a2")
        Annotation.objects.filter(pk=item.annotations.latest("pk").pk).update(is_counted=False)
        assert [one.pairs[0, 1].strength for one in read_item(project).ballots] == [1]

    def test_imported_and_machine_ones_have_names_and_no_order(self, project: Project) -> None:
        item = make_judged(project, "a1")
        import_answer(item, "expert_1", "b1")
        import_answer(item, "judge-7b", "tie", is_machine=True)
        rater, expert, judge = read_item(project).ballots
        assert [one.origin for one in (rater, expert, judge)] == ["rater", "imported", "machine"]
        assert expert.rater == NAMES.name_annotator("imported", "expert_1")
        assert "expert_1" not in expert.rater
        assert judge.rater == "machine:judge-7b"
        assert (expert.shown, expert.guideline) == ((), None)
        assert expert.pairs == {(0, 1): Vote("prefers", "b", 1, 1)}

    def test_an_item_that_only_others_have_answered_is_read(self, project: Project) -> None:
        item = make_item(project, kind="imported", status="withdrawn", overlap=3)
        import_answer(item, "expert_1", "a1")
        found = read_item(project)
        assert (found.kind, found.counted, len(found.ballots)) == ("imported", 0, 1)

    def test_a_superseded_one_from_elsewhere_is_not_read(self, project: Project) -> None:
        item = make_judged(project, "a1")
        import_answer(item, "expert_1", "b1")
        Annotation.objects.foreign().update(superseded_at=timezone.now())
        assert [one.origin for one in read_item(project).ballots] == ["rater"]

    def test_points_and_texts_come_by_place(self, project: Project, rater: User) -> None:
        annotation = annotate(make_item(project, overlap=1), rater)
        rate(annotation, "quality", 4, place=1)
        rate(annotation, "overall", 2, place=None)
        write(annotation, "rewrite", "Better.", about=0)
        (ballot,) = read_item(project).ballots
        assert ballot.points == {("quality", 1): 4, ("overall", None): 2}
        assert ballot.written == (Written("rewrite", "Better.", 0),)
        assert ballot.pairs == {}

    def test_answers_are_read_only_if_asked_for(self, project: Project, rater: User) -> None:
        cast_vote(make_item(project, overlap=1), rater, "a1", answers={"justification": {"text": "So."}})
        assert read_item(project).ballots[0].answers == {}
        (evidence,) = read(project, answers=True)
        assert evidence.items[0].ballots[0].answers == {"justification": {"text": "So."}}

    @pytest.mark.parametrize(("quoted", "there"), [(["x", "justification"], True), (["x"], False)])
    def test_or_if_they_hold_an_answer_to_be_quoted(
        self, project: Project, rater: User, quoted: list[str], there: bool
    ) -> None:
        cast_vote(make_item(project, overlap=1), rater, "a1", answers={"justification": {"text": "So."}})
        (evidence,) = read(project, quoted=quoted)
        assert bool(evidence.items[0].ballots[0].answers) == there

    def test_times_are_utc_with_microseconds(self, project: Project) -> None:
        item = make_judged(project, "a1")
        item.annotations.update(created_at="2026-05-01T02:03:04.5+02:00")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL TIME ZONE 'Asia/Tokyo'")
        assert read_item(project).ballots[0].at == "2026-05-01T00:03:04.500000+00:00"


class TestResponses:
    def test_they_are_called_by_their_configuration_or_their_model(self, project: Project) -> None:
        item = make_judged(project, "a1")
        a, b = list_responses(item)
        Response.objects.filter(pk=a.pk).update(config=ModelConfigFactory(project=project, name="Bold"))
        Response.objects.filter(pk=b.pk).update(model="alpaca-7b", finish_reason="length")
        first, second = read_item(project).responses
        assert (first.name, first.finish_reason) == ("Bold", "stop")
        assert (second.name, second.finish_reason) == ("alpaca-7b", "length")

    def test_one_that_is_known_by_name_only_is_empty(self, project: Project) -> None:
        prompt = PromptFactory(project=project)
        item = make_judged(project, "a1", prompt=prompt)
        Response.objects.filter(pk=list_responses(item)[0].pk).update(
            text="", status=ResponseStatus.NO_TEXT, finish_reason=""
        )
        assert [one.is_empty for one in read_item(project).responses] == [True, False]

    def test_blanks_are_what_python_strips(self, project: Project) -> None:
        blanks = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()]
        make_judged(project, "a1", texts=("".join(blanks), f"{''.join(blanks)}Yes.{''.join(blanks)}"))
        empty, text = read_item(project).responses
        assert empty.is_empty
        assert text.length == 4

    def test_what_python_does_not_strip_stays(self, project: Project) -> None:
        make_judged(project, "a1", texts=("\u200bYes.", "\ufeff"))
        assert [one.length for one in read_item(project).responses] == [5, 1]

    def test_the_same_text_has_the_same_digest(self, project: Project) -> None:
        make_judged(project, "a1", texts=("Yes.", "\u00a0Yes.\n"))
        make_judged(project, "a1", texts=("yes.", "Ye s."))
        digests = [one.digest for evidence in read(project) for one in evidence.items[0].responses]
        assert digests[0] == digests[1]
        assert len(set(digests)) == 3

    def test_texts_come_with_where_they_are_from(self, project: Project) -> None:
        prompt = PromptFactory(project=project)
        one = ResponseFactory(
            prompt=prompt,
            text=" Ja 😀",
            model="m",
            revision="r",
            sampling={"top_p": 1, "seed": 3},
            system_prompt="Be brief.",
            tokens_in=3,
            tokens_out=None,
            finished_at="2026-01-02T03:04:05Z",
        )
        two = ResponseFactory(prompt=prompt, finished_at=None)
        texts = Reader(project, NAMES).read_texts([one.pk, two.pk])
        assert tuple(texts[one.pk]) == (
            *(" Ja 😀", "m", "r", '{"seed":3,"top_p":1}', "Be brief.", 3, None),
            "2026-01-02T03:04:05.000000+00:00",
        )
        assert texts[two.pk].generated_at is None

    def test_conversations_have_roles_and_contents_alone(self, project: Project) -> None:
        turn = {"role": "user", "content": "Hej", "name": "kim"}
        prompt = PromptFactory(project=project, messages=[turn], metadata={"b": 1, "a": {"d": 1, "c": "å"}})
        assert Reader(project, NAMES).read_conversations([prompt.pk]) == {
            prompt.pk: ([{"role": "user", "content": "Hej"}], '{"a":{"c":"å","d":1},"b":1}')
        }


class TestPrompts:
    def test_what_is_known_of_it(self, project: Project) -> None:
        turns = [{"role": "system", "content": "x"}, {"role": "user", "content": "y"}]
        prompt = PromptFactory(project=project, messages=turns, metadata={"category": "maths"}, language="sv")
        make_judged(project, "a1", prompt=prompt)
        facts = read(project)[0].prompt
        assert (facts.uid, facts.cluster) == (str(prompt.uid), str(prompt.uid))
        assert (facts.category, facts.language, facts.roles) == ("maths", "sv", ("system", "user"))
        assert (facts.split, facts.cluster_split, facts.bridges, facts.is_held_out) == (None, None, (), False)

    @pytest.mark.parametrize(("came_retired", "status"), [(True, "approved"), (False, "retired")])
    def test_one_that_came_retired_was_not_withdrawn(
        self, project: Project, came_retired: bool, status: str
    ) -> None:
        prompt = PromptFactory(project=project, status="retired", came_retired=came_retired)
        make_judged(project, "a1", prompt=prompt)
        assert read(project)[0].prompt.status == status

    @pytest.mark.parametrize(
        ("run", "is_whole", "words", "is_out"),
        [(13, False, 13, True), (12, False, 13, False), (13, False, 14, False), (4, True, 50, True)],
    )
    def test_it_is_held_out_if_enough_words_are_shared(
        self, project: Project, run: int, is_whole: bool, words: int, is_out: bool
    ) -> None:
        item = make_judged(project, "a1")
        listed = HeldOutList.objects.create(project=project, name="Test", texts=["x"])
        listed.matches.create(prompt=item.prompt, text=0, shared="x", run=run, is_whole=is_whole)
        (found,) = read(project, held_out=listed.pk, held_out_words=words)
        assert found.prompt.is_held_out == is_out
        assert not read(project)[0].prompt.is_held_out

    @pytest.mark.parametrize(("words", "is_out"), [(5, True), (6, False)])
    def test_one_that_came_in_since_is_compared_where_it_is_read(
        self, project: Project, words: int, is_out: bool
    ) -> None:
        turns = [{"role": "user", "content": "Well: who wrote Hamlet and when?"}]
        item = make_judged(project, "a1", prompt=PromptFactory(project=project, messages=turns))
        texts = ["Who wrote Hamlet and when was it played?"]
        listed = HeldOutList.objects.create(project=project, name="Quiz", texts=texts, words=4)
        asked = {"held_out": listed.pk, "held_out_words": words, "late": LateCheck(listed.pk, words)}
        assert [one.prompt.is_held_out for one in read(project, **asked)] == [is_out]
        HeldOutList.objects.update(checked_to=item.prompt.pk)  # the others were, and had nothing in common
        assert not read(project, **asked)[0].prompt.is_held_out


def test_parts_follow_each_other_without_gaps(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PART", 2)
    prompts = [PromptFactory(project=project) for _ in range(5)]
    for prompt in (prompts[0], prompts[3], prompts[4]):
        make_judged(project, "a1", prompt=prompt)
    parts = list(Reader(project, NAMES).iterate_parts(size=2))
    assert [ids for ids, _ in parts] == [[one.pk for one in prompts[at : at + 2]] for at in (0, 2, 4)]
    assert [[one.prompt.id for one in part] for _, part in parts] == [
        [prompts[0].pk],
        [prompts[3].pk],
        [prompts[4].pk],
    ]


def test_a_few_prompts_can_be_read_alone(project: Project) -> None:
    items = [make_judged(project, "a1") for _ in range(3)]
    found = Reader(project, NAMES).read_prompts([items[2].prompt_id, items[0].prompt_id])
    assert [one.prompt.id for one in found] == [items[0].prompt_id, items[2].prompt_id]


def test_the_number_of_queries_does_not_grow_with_a_part(project: Project) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(project)
        return len(queries)

    item = make_judged(project, "a1 b1")
    import_answer(item, "expert_1", "a1")
    few = count()
    for _ in range(4):
        make_judged(project, "a2 a1 tie")
    assert count() == few <= 12
