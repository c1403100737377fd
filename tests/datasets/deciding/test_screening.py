"""What raters wrote themselves leaves without personal data, or not at all, or as the recipe asks."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.datasets.deciding.harvest import Harvest
from apps.datasets.deciding.reasons import Reason
from apps.datasets.evidence import ItemFacts, Written
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Need
from apps.datasets.formats.material import Material
from apps.datasets.plan import RemarkReader
from apps.projects.rubrics import RubricDocument
from tests.datasets.deciding.cases import reap, recipe, two
from tests.datasets.samples import make_ballot, make_item, make_response, talk, write

MAIL, IBAN, PHONE = "anna.berg@example.org", "DE89 3704 0044 0532 0130 00", "+46 70 123 45 67"
PLANTED = st.sampled_from([MAIL, IBAN, PHONE])
AROUND = st.text("abc ÅÖ你.,!?\n", max_size=20)
RUBRIC = RubricDocument.model_validate(
    {
        "questions": [
            {"kind": "preference", "key": "preference", "title": "Which?"},
            {"kind": "text", "key": "justification", "title": "Why?"},
            {"kind": "rewrite", "key": "rewrite", "title": "Better?", "required": False},
        ]
    }
)
REMARKS = RemarkReader({1: RUBRIC})


def say(comment: str, *, rewrite: str = "", votes: str = "a3", **fields: Any) -> ItemFacts:
    """An item that one rater has answered in words, too."""
    responses = [make_response(10, "Yes."), make_response(11, "No.")]
    answers: dict[str, Any] = {"justification": {"text": comment}}
    written: tuple[Written, ...] = ()
    if rewrite:
        answers["rewrite"] = {"response": responses[0].uid, "text": rewrite}
        written = (Written("rewrite", rewrite, 0),)
    return make_item(1, responses, [make_ballot(1, votes, answers=answers, written=written)], **fields)


def tell(made: Harvest) -> str:
    """All rows of all formats, as text."""
    texts = {10: write(10, "Yes."), 11: write(11, "No.")}
    material = Material(made, talk("Is it?"), "{}", texts, REMARKS.read)
    rows = [row for one in FORMATS.values() for row in one.make_rows(material)]
    return json.dumps(rows, ensure_ascii=False)


def test_masks_stand_where_personal_data_was_and_nothing_else_changes() -> None:
    made = reap(say(f"See {MAIL}.", rewrite=f"Call {PHONE}, or write."))
    (ballot,) = made.items[0].ballots
    assert ballot.written == (Written("rewrite", "Call [phone masked], or write.", 0),)
    assert ballot.answers == {
        "justification": {"text": "See [e-mail masked]."},
        "rewrite": {"response": made.items[0].responses[0].uid, "text": "Call [phone masked], or write."},
    }
    assert [lesson.text for lesson in made.lessons] == ["Call [phone masked], or write."]
    assert made.found == (("phone", "e-mail"),)


def test_an_item_is_left_out_where_the_recipe_asks_for_that() -> None:
    made = reap(say(f"See {MAIL}."), two("a1", 2, ("One.", "Two.")), by=recipe(personal_data="leave_out"))
    assert made.losses == {1: Reason.PERSONAL_DATA}
    assert [item.id for item in made.items] == [2]
    assert made.found == (("e-mail",),)


def test_it_is_kept_and_counted_where_the_recipe_asks_for_that() -> None:
    made = reap(say(f"See {MAIL}."), by=recipe(personal_data="keep"))
    assert MAIL in tell(made)
    assert made.found == (("e-mail",),)


@pytest.mark.parametrize(
    ("needs", "is_counted"), [(Need.PAIRS, False), (Need.PROMPTS, False), (Need.ANSWERS, True)]
)
def test_only_what_would_leave_is_counted(needs: Need, is_counted: bool) -> None:
    tie = say(f"See {MAIL}.", votes="tie")
    assert bool(reap(tie, needs=(needs,)).found) == is_counted


def test_what_the_recipe_does_not_read_is_not_looked_at() -> None:
    made = reap(say(f"See {MAIL}.", rubric=2), by=recipe(answers={"rubrics": [1]}, personal_data="leave_out"))
    assert (made.losses, made.found) == ({1: Reason.RUBRIC}, ())


@pytest.mark.parametrize("policy", ["mask", "leave_out"])
@given(planted=PLANTED, before=AROUND, after=AROUND, where=st.sampled_from(["comment", "rewrite", "both"]))
def test_nothing_planted_is_in_a_row_of_any_format(
    policy: str, planted: str, before: str, after: str, where: str
) -> None:
    text = f"{before} {planted} {after}"
    item = say(text if where != "rewrite" else "So.", rewrite=text if where != "comment" else "Better.")
    assert planted in tell(reap(item, by=recipe(personal_data="keep")))
    assert planted not in tell(reap(item, by=recipe(personal_data=policy)))
