from typing import Any

import pytest

from apps.accounts.models import User
from apps.datasets.deciding.reasons import Reason
from apps.datasets.errors import InvalidRecipeError
from apps.datasets.formats.base import Need
from apps.datasets.formats.material import Material
from apps.datasets.models import HeldOutList, Recipe
from apps.datasets.plan import Plan, iterate_harvests, iterate_materials, prepare
from apps.datasets.reading import reader
from apps.datasets.recipes.document import RecipeDocument
from apps.projects.models import Project, Rubric
from tests.datasets.factories import (
    annotate,
    cast_vote,
    import_answer,
    list_responses,
    make_item,
    make_judged,
)
from tests.factories import PAIRWISE, ProjectFactory, PromptFactory, UserFactory

EVERYBODY = {"origins": ["rater", "imported", "machine"]}


def plan(project: Project, *, recipe: Recipe | None = None, **sections: Any) -> Plan:
    return prepare(project, RecipeDocument.model_validate(sections), recipe=recipe)


def list_raters(made: Plan) -> list[str]:
    """Pseudonyms of all whose answers are read."""
    items = [item for part in iterate_harvests(made) for one in part for item in one.items]
    return [ballot.rater for item in items for ballot in item.ballots]


def read_materials(made: Plan) -> list[Material]:
    return [one for part in iterate_materials(made) for one in part]


class TestPseudonyms:
    def test_they_are_the_same_in_every_run_of_a_recipe(self, project: Project, rater: User) -> None:
        make_judged(project, "a1", raters=[rater])
        recipe = Recipe.objects.create(project=project, name="Pairs")
        first, again = (list_raters(plan(project, recipe=recipe)) for _ in range(2))
        assert first == again
        assert str(rater.uid) not in first[0]

    def test_and_others_in_another_recipe_or_project(self, project: Project, rater: User) -> None:
        other = ProjectFactory()
        recipes = [Recipe.objects.create(project=one, name="Pairs") for one in (project, other)]
        recipes.append(Recipe.objects.create(project=project, name="Others"))
        plans = [plan(one.project, recipe=one) for one in recipes]
        plans += [plan(project), plan(other)]  # of a recipe that is not saved
        names = {made.pseudonyms.name_rater(str(rater.uid)) for made in plans}
        names |= {made.pseudonyms.name_annotator("imported", "expert_1") for made in plans}
        assert len(names) == 10

    def test_a_program_keeps_its_name(self, project: Project) -> None:
        assert plan(project).pseudonyms.name_annotator("machine", "judge-7b") == "machine:judge-7b"

    def test_somebody_else_of_the_same_name_is_somebody_else(self, project: Project) -> None:
        names = plan(project).pseudonyms
        assert names.name_rater("kim")[-12:] != names.name_annotator("imported", "kim")[-12:]


class TestRaters:
    @pytest.fixture
    def people(self, project: Project) -> list[User]:
        people = [UserFactory(), UserFactory()]
        item = make_judged(project, "a1 a1", raters=people)
        import_answer(item, "expert_1", "a1")
        import_answer(item, "judge-7b", "a1", is_machine=True)
        return people

    def test_people_are_named_by_uid(self, project: Project, people: list[User]) -> None:
        made = plan(project, answers={"only_raters": [str(people[1].uid)]})
        assert list_raters(made) == [made.pseudonyms.name_rater(str(people[1].uid))]
        made = plan(project, answers={"without_raters": [str(people[1].uid)]})
        assert list_raters(made) == [made.pseudonyms.name_rater(str(people[0].uid))]

    def test_others_by_the_name_that_they_came_with(self, project: Project, people: list[User]) -> None:
        made = plan(project, answers={**EVERYBODY, "only_raters": ["expert_1"]})
        assert list_raters(made) == [made.pseudonyms.name_annotator("imported", "expert_1")]
        made = plan(project, answers={**EVERYBODY, "only_raters": ["judge-7b"]})
        assert list_raters(made) == ["machine:judge-7b"]

    def test_a_name_is_nobody_elses(self, project: Project, people: list[User]) -> None:
        made = plan(project, answers={**EVERYBODY, "without_raters": ["somebody"]})
        assert len(list_raters(made)) == 4


class TestScales:
    SCALE = {"kind": "scale", "title": "Quality", "anchors": ["bad", "fair", "good"]}

    def test_it_is_the_first_that_is_asked_of_each_response(self, project: Project) -> None:
        questions = [
            {**self.SCALE, "key": "talk", "about": "conversation"},
            {**self.SCALE, "key": "quality"},
            {**self.SCALE, "key": "tone"},
        ]
        document = {"questions": [*PAIRWISE["questions"], *questions]}
        Rubric.objects.create(project=project, version=2, document=document)
        assert plan(project).scales.labels == {2: "quality"}
        assert plan(project, labels={"question": "tone"}).scales.labels == {2: "tone"}
        assert plan(project, answers={"rubrics": [1]}).scales.labels == {}


class TestNeeds:
    def test_they_are_those_of_the_formats(self, project: Project) -> None:
        assert plan(project, formats=["preference", "reward"]).needs == {Need.PAIRS}
        assert plan(project, formats=["sft", "kto"]).needs == {Need.LESSONS, Need.LABELS}


class TestHeldOut:
    def test_prompts_of_the_list_stay_out(self, project: Project) -> None:
        item = make_judged(project, "a1")
        listed = HeldOutList.objects.create(project=project, name="Quiz", texts=["x"])
        listed.matches.create(prompt=item.prompt, text=0, shared="x", run=20)
        made = plan(project, held_out={"list": str(listed.uid), "words": 20})
        ((harvest,),) = iterate_harvests(made)
        assert harvest.losses == {item.pk: Reason.HELD_OUT}
        ((harvest,),) = iterate_harvests(plan(project, held_out={"list": str(listed.uid), "words": 21}))
        assert harvest.losses == {}

    def test_a_list_of_another_project_is_refused(self, project: Project) -> None:
        listed = HeldOutList.objects.create(project=ProjectFactory(), name="Quiz", texts=["x"])
        with pytest.raises(InvalidRecipeError, match="not in the project"):
            plan(project, held_out={"list": str(listed.uid)})

    def test_fewer_words_than_were_looked_for_are_refused(self, project: Project) -> None:
        listed = HeldOutList.objects.create(project=project, name="Quiz", texts=["x"], words=8)
        with pytest.raises(InvalidRecipeError, match="8 words"):
            plan(project, held_out={"list": str(listed.uid), "words": 7})


class TestMaterials:
    def test_they_have_the_texts_that_rows_need(self, project: Project) -> None:
        turns = [{"role": "user", "content": "Hej?"}]
        prompt = PromptFactory(project=project, messages=turns, metadata={"b": 1, "a": 2})
        pair = make_judged(project, "a3", prompt=prompt, texts=("Yes.", "No."))
        tie = make_judged(project, "tie", prompt=prompt, texts=("One.", "Two."))
        (material,) = read_materials(plan(project))
        assert (material.messages, material.source) == (turns, '{"a":2,"b":1}')
        assert material.texts.keys() == {one.pk for one in list_responses(pair)}
        (material,) = read_materials(plan(project, formats=["comparisons"]))
        assert material.texts.keys() == {one.pk for item in (pair, tie) for one in list_responses(item)}

    def test_they_quote_reasons_and_words(self, project: Project, rater: User) -> None:
        item = make_item(project, overlap=1)
        a, b = (str(one.uid) for one in list_responses(item))
        answers = {"reasons": {b: ["clear"], a: ["unsafe"]}, "justification": {"text": "So clear.\nYes."}}
        cast_vote(item, rater, "b1", answers=answers)
        (material,) = read_materials(plan(project))
        (pair,) = material.harvest.pairs
        remark = material.read_remark(pair.item, pair.item.ballots[0])
        assert (remark.reasons, remark.comment) == ({0: ("unsafe",), 1: ("clear",)}, "So clear.\nYes.")

    def test_they_quote_the_reasons_of_every_question_for_them(self, project: Project, rater: User) -> None:
        more = {"kind": "reasons", "key": "style", "title": "And its style?", "praise": ["warm"]}
        document = {"questions": [*PAIRWISE["questions"], more]}
        rubric = Rubric.objects.create(project=project, version=2, document=document)
        item = make_item(project, overlap=1, rubric=rubric)
        a, b = (str(one.uid) for one in list_responses(item))
        cast_vote(
            item, rater, "b1", answers={"reasons": {b: ["clear"], a: ["unsafe"]}, "style": {b: ["warm"]}}
        )
        (material,) = read_materials(plan(project))
        (pair,) = material.harvest.pairs
        remark = material.read_remark(pair.item, pair.item.ballots[0])
        assert remark.reasons == {0: ("unsafe",), 1: ("clear", "warm")}

    def test_an_answer_is_read_under_the_rubric_that_it_answers(self, project: Project, rater: User) -> None:
        """An item takes up a newer version; what was imported before goes on answering the older one."""
        other = {"questions": [{"kind": "text", "key": "preference", "title": "In a sentence"}]}
        item = make_item(project, overlap=1)
        answer = import_answer(item, "expert_1", "a1")
        answer.answers = {"preference": {"relation": "tie"}}
        answer.save()
        item.rubric = Rubric.objects.create(project=project, version=2, document=other)
        item.save()
        annotate(item, rater, answers={"preference": {"text": "Good."}})
        (material,) = read_materials(plan(project, answers=EVERYBODY, formats=["comparisons"]))
        (found,) = material.harvest.items
        remarks = {one.origin: material.read_remark(found, one).comment for one in found.ballots}
        assert remarks == {"imported": "", "rater": "Good."}

    def test_parts_hold_so_many_prompts_and_no_more(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reader.Reader.iterate_parts, "__kwdefaults__", {"after": 0, "size": 2})
        for _ in range(5):
            make_judged(project, "a1")
        assert [len(part) for part in iterate_harvests(plan(project))] == [2, 2, 1]
        assert [len(part) for part in iterate_materials(plan(project))] == [2, 2, 1]
