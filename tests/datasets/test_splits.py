import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.datasets.keys import hash_to_unit, pseudonymise
from apps.datasets.models import PinnedSplit, Split
from apps.datasets.splits import TEST_SHARE, Splitter, load_splitter, plan_splits, store_pins
from apps.datasets.writing import plan_all
from apps.projects.models import Project
from tests.datasets.factories import make_judged
from tests.datasets.samples import find_digest, make_prompt
from tests.factories import PromptFactory

SECRET = uuid.UUID("12345678-1234-5678-1234-567812345678")


def make_project(secret: uuid.UUID = SECRET) -> Project:
    return Project(secret=secret)


def prompt_in(project: Project, split: Split, number: int) -> Any:
    prompt = make_prompt("Is it?", number=number)
    return prompt.__class__(**{**vars(prompt), "digest": find_digest(project, split, number * 1000)})


@given(st.binary(min_size=32, max_size=32), st.uuids(), st.uuids())
def test_the_hash_depends_on_prompt_and_secret_alone(digest: bytes, one: uuid.UUID, other: uuid.UUID) -> None:
    value = hash_to_unit(make_project(one), digest)
    assert 0 <= value < 1
    assert value == hash_to_unit(make_project(one), digest)
    assert one == other or value != hash_to_unit(make_project(other), digest)


def test_about_a_tenth_tests() -> None:
    project = make_project()
    on_test = sum(hash_to_unit(project, number.to_bytes(32)) < TEST_SHARE for number in range(5000))
    assert 420 < on_test < 580


def test_pseudonyms_are_stable_in_a_project_and_differ_between_projects() -> None:
    rater = str(uuid.uuid4())
    here, there = make_project(), make_project(uuid.uuid4())
    assert pseudonymise(here, rater) == pseudonymise(here, rater)
    assert pseudonymise(here, rater) != pseudonymise(there, rater)
    assert rater not in pseudonymise(here, rater)


@pytest.mark.django_db
class TestPlanning:
    def test_rows_in_train_pin_nothing(self, project: Project) -> None:
        rows = [
            ("preference", prompt_in(project, Split.TRAIN, 1)),
            ("preference", prompt_in(project, Split.TEST, 2)),
        ]
        splitter = plan_splits(project, rows, ["preference", "sft"])
        assert splitter.pins == {}
        assert [splitter.find_split(prompt) for _, prompt in rows] == [Split.TRAIN, Split.TEST]

    def test_a_format_with_test_rows_alone_goes_to_train_everywhere(self, project: Project) -> None:
        only = prompt_in(project, Split.TEST, 1)
        other_test = prompt_in(project, Split.TEST, 2)
        rows = [
            ("preference", prompt_in(project, Split.TRAIN, 3)),
            ("preference", only),
            ("sft", only),
            ("preference", other_test),
        ]
        splitter = plan_splits(project, rows, ["preference", "sft"])
        assert splitter.find_split(only) == Split.TRAIN
        assert splitter.find_split(other_test) == Split.TEST

    def test_reading_stops_once_every_format_trains(self, project: Project) -> None:
        def rows() -> Any:
            yield "preference", prompt_in(project, Split.TRAIN, 1)
            raise AssertionError("read too far")

        plan_splits(project, rows(), ["preference"])

    def test_a_pinned_prompt_stays_where_it_was(self, project: Project) -> None:
        prompt = PromptFactory(project=project, digest=find_digest(project, Split.TEST))
        make_judged(project, "a3", prompt=prompt)
        store_pins(plan_all(project))
        assert PinnedSplit.objects.get().prompt == prompt
        for start in (1000, 2000):
            later = PromptFactory(project=project, digest=find_digest(project, Split.TRAIN, start))
            make_judged(project, "a3", prompt=later)
        again = plan_all(project)
        assert again.pins == {prompt.pk: Split.TRAIN}
        assert again.fresh == set()

    def test_storing_twice_is_storing_once(self, project: Project) -> None:
        prompt = PromptFactory(project=project)
        splitter = Splitter(project, {prompt.pk: Split.TRAIN}, {prompt.pk})
        store_pins(splitter)
        store_pins(splitter)
        assert load_splitter(project).pins == {prompt.pk: Split.TRAIN}
