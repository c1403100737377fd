"""Who and what is behind rows."""

from collections import Counter
from dataclasses import replace

from apps.datasets.cards.census import Census
from apps.datasets.formats.base import Need
from apps.datasets.models import Split
from tests.datasets.formats.rich import make_rich
from tests.datasets.samples import harvest, make_ballot, make_item, make_prompt, make_response, uid

SIDES = [make_response(1, "Yes."), make_response(2, "No.")]


def count(*needs: Need) -> Census:
    census = Census()
    census.add(make_rich().harvest, Counter(dict.fromkeys(needs, 1)))
    return census


def test_items_are_those_that_the_rows_rest_on() -> None:
    assert count(Need.PAIRS).items == 2
    assert count(Need.LESSONS).items == 3
    assert count(Need.LABELS).items == 2
    assert count(Need.PAIRS, Need.LESSONS, Need.LABELS).items == 5
    assert count(Need.ANSWERS).items == 6
    assert count(Need.PAIRS).most_responses == 3


def test_answers_are_counted_by_who_gave_them() -> None:
    census = count(Need.ANSWERS)
    assert census.count_answers("rater") == [1] * 8
    assert census.count_answers("imported") == census.count_answers("machine") == [1]
    assert census.guidelines == [1, 2]
    assert census.rubrics == [1]


def test_times_are_those_of_the_first_and_of_the_last() -> None:
    census = Census()
    for day in ("2026-03-02", "2026-03-01", "2026-03-03"):
        made = harvest([make_item(1, SIDES, [make_ballot(1, "a2", at=day), make_ballot(2, "a2", at=day)])])
        census.add(made, Counter({Need.PAIRS: 1}))
    assert (census.first_at, census.last_at) == ("2026-03-01", "2026-03-03")
    assert census.count_answers("rater") == [3, 3]


def test_near_duplicates_are_one_cluster() -> None:
    census = Census()
    item = make_item(1, SIDES, [make_ballot(1, "a2")])
    prompts = [
        make_prompt(number=1, cluster=uid(99)),
        make_prompt(number=2, cluster=uid(99)),
        make_prompt(number=3, cluster=uid(13), language="sv", category=None),
    ]
    for prompt in prompts:
        census.add(harvest([item], prompt=prompt), Counter({Need.PAIRS: 1}))
    assert census.clusters == {Split.TRAIN: 2}
    assert census.prompts == {Split.TRAIN: 3}
    assert census.languages == {"en": 2, "sv": 1}
    assert census.categories == {"chat": 2, "": 1}


def test_prompts_that_stay_out_are_not_counted() -> None:
    census = Census()
    census.add(replace(make_rich().harvest, split=None), Counter())
    assert (census.items, census.first_at, census.last_at) == (0, "", "")
    assert not census.prompts
