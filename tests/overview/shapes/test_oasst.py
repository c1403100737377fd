"""Open Assistant's trees: each question with its replies, and their ranks as rankings or pairs."""

from typing import Any

from apps.generation.models import Response
from apps.projects.models import Project
from apps.rating.models import Annotation, Item, PairOutcome
from tests.overview.shapes.files import RANKING, RATING, ask, bring, bring_real, count

FILE = "oasst_en_100_trees.jsonl"


def say(role: str, text: str, *replies: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "message_id": f"id of {text}",
        "text": text,
        "role": role,
        "lang": "en",
        "replies": list(replies),
        **more,
    }


def answer(text: str, *replies: dict[str, Any], **more: Any) -> dict[str, Any]:
    return say("assistant", text, *replies, **more)


TREE = {
    "message_tree_id": "t",
    "prompt": say(
        "prompter",
        "Why?",
        answer("Worst.", rank=2),
        answer("Best.", say("prompter", "Really?", answer("Yes.")), rank=0),
        answer("Middle.", rank=1, synthetic=True, model_name="chip20b"),
        answer("Gone.", rank=3, deleted=True),
    ),
}


def test_a_tree_becomes_prompts_with_their_replies(project: Project) -> None:
    report = bring(project, TREE)
    assert report.options["shape"] == "oasst_trees"
    first, second = project.prompts.order_by("turns")
    assert [message["content"] for message in second.messages] == ["Why?", "Best.", "Really?"]
    assert (first.language, first.metadata) == ("en", {"message_tree_id": "t", "message_id": "id of Why?"})
    assert {(one.text, one.model) for one in first.responses.all()} == {
        ("Worst.", "Open Assistant volunteer"),
        ("Best.", "Open Assistant volunteer"),
        ("Middle.", "chip20b"),
    }


def test_ranks_become_a_ranking_where_the_rubric_asks_for_one(project: Project) -> None:
    ask(project, RANKING)
    bring(project, TREE)
    annotation = Annotation.objects.get()
    assert (annotation.origin, annotation.annotator) == ("imported", "oasst consensus")
    places = annotation.answers["ranking"]["places"]
    texts = dict(Response.objects.values_list("uid", "text"))
    assert {texts[uid]: places[str(uid)] for uid in texts if str(uid) in places} == {
        "Best.": 1,
        "Middle.": 2,
        "Worst.": 3,
    }
    assert annotation.pair_outcomes.count() == 3


def test_ranks_become_pairs_where_the_rubric_compares_two(project: Project) -> None:
    report = bring(project, TREE)
    assert count(report)["annotations_added"] == 3
    pairs = PairOutcome.objects.values_list("a__text", "b__text", "relation")
    assert set(pairs) == {
        ("Best.", "Middle.", "prefers"),
        ("Best.", "Worst.", "prefers"),
        ("Middle.", "Worst.", "prefers"),
    }


def test_a_ranking_of_more_than_an_item_has_becomes_pairs(project: Project) -> None:
    ask(project, {**RANKING, "responses": 2})
    bring(project, TREE)
    assert {item.responses_key.count(",") for item in Item.objects.all()} == {1}
    assert Annotation.objects.count() == 3


def test_without_a_question_that_compares_prompts_and_replies_come_in(project: Project) -> None:
    ask(project, RATING)
    report = bring(project, TREE)
    assert (report.added, report.responses_added, report.annotations_added, report.unfit) == (2, 4, 0, 1)
    assert (report.subject.noun, report.subject.added) == ("response", 4)


def test_a_tree_without_a_text_is_told(project: Project) -> None:
    report = bring(project, TREE, {"prompt": say("prompter", " ")}, {"prompt": {"text": "x"}})
    assert [line.code for line in report.left_out.all()] == ["empty", "not_a_tree"]


def test_the_real_trees_come_in_once(project: Project) -> None:
    first, again = bring_real(project, FILE), bring_real(project, FILE)
    assert (first.records, first.rejected, first.added, first.responses_added) == (100, 0, 480, 687)
    # 212 rankings of two to nine replies, as the pairs that this rubric asks for.
    assert (first.annotations_added, Annotation.objects.values("foreign_id").distinct().count()) == (754, 212)
    assert (again.added, again.responses_added, again.annotations_added) == (0, 0, 0)
    assert (again.responses_known, again.annotations_known) == (687, 754)


def test_641_messages_of_the_real_trees_have_a_rank(project: Project) -> None:
    ask(project, {**RANKING, "responses": 9})
    assert bring_real(project, FILE).annotations_added == 212
    ranked = [len(one.answers["ranking"]["places"]) for one in Annotation.objects.all()]
    assert (sum(ranked), max(ranked)) == (641, 9)
