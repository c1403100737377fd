"""A batch is made again, and what was changed since is told."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from apps.generation.models import Batch, ModelConfig, Response, Run
from apps.generation.providers import memory
from apps.generation.replaying import find_difference, replay_batch
from apps.generation.services import start_run
from apps.projects.models import Project
from apps.prompts.models import Prompt
from tests.factories import ModelConfigFactory
from tests.generation.tiny_model import CHATML, make_tiny_model

WorkOff = Callable[..., None]


@pytest.fixture
def batch(project: Project, prompts: list[Prompt], tiny_model: Path, work_off: WorkOff) -> Batch:
    """A batch that a real model has answered, drawing."""
    config = ModelConfigFactory(
        project=project,
        model=str(tiny_model),
        system_prompt="Be brief.",
        sampling={"temperature": 1.0, "max_new_tokens": 16},
    )
    start_run(project=project, configs=[config], samples=2, user=None, seed=5)
    work_off()
    memory.forget_models()
    batch = max(Batch.objects.select_related("config", "run"), key=lambda batch: len(batch.order))
    assert len(batch.order) > 1
    return batch


def replay(batch: Batch, *options: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("replay_batch", str(batch.pk), *options, stdout=out)
    except SystemExit as error:
        return int(str(error.code)), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.django_db
class TestReplay:
    def test_what_made_it_is_stored(self, batch: Batch, tiny_model: Path) -> None:
        response = batch.responses.all()[0]
        assert batch.made_with == {
            "model": str(tiny_model),
            "sampling": {"temperature": 1.0, "max_new_tokens": 16},
            "system_prompt": "Be brief.",
            "revision": response.revision,
            "template": response.template,
        }
        assert response.revision.startswith("sha256:")
        assert response.template.startswith("sha256:")
        assert batch.claimed_at < batch.ended_at

    def test_the_same_again_is_equal(self, batch: Batch) -> None:
        before = list(Response.objects.order_by("pk").values())
        code, said = replay(batch)
        assert code == 0
        number = len(batch.order)
        assert f"{number} of {number} texts are equal" in said
        assert "Note" not in said
        assert list(Response.objects.order_by("pk").values()) == before

    def test_another_seed_is_told(self, batch: Batch) -> None:
        Batch.objects.filter(pk=batch.pk).update(seed=batch.seed + 1)
        code, said = replay(batch)
        assert code == 1
        assert "from character" in said
        assert "stored  '" in said

    def test_other_sampling_in_the_batch_is_told(self, batch: Batch) -> None:
        batch.made_with["sampling"]["temperature"] = 0
        batch.save()
        code, said = replay(batch)
        assert code == 1
        assert "The sampling is another one now: {'temperature': 0," in said

    def test_a_configuration_that_was_changed_since_is_told_and_not_used(self, batch: Batch) -> None:
        ModelConfig.objects.update(sampling={"temperature": 0.0, "max_new_tokens": 3}, system_prompt="Talk.")
        code, said = replay(Batch.objects.select_related("config", "run").get(pk=batch.pk))
        assert code == 0
        assert "The sampling is another one now" in said
        assert "The system prompt is another one now: Be brief. was stored, Talk. is there" in said
        assert "the stored one was used" in said

    def test_another_model_in_its_place_is_told(self, batch: Batch, tmp_path: Path) -> None:
        other = make_tiny_model(tmp_path / "other", chat_template=CHATML + " ")
        batch.made_with["model"] = str(other)
        batch.save()
        _, said = replay(batch)
        assert "The model revision is another one now: sha256:" in said
        assert "The chat template is another one now: sha256:" in said

    def test_the_first_difference_of_each_response(self, batch: Batch) -> None:
        uid = batch.order[0]
        response = Response.objects.get(uid=uid)
        Response.objects.filter(uid=uid).update(text=f"{response.text[:3]}∞{response.text[4:]}")
        code, said = replay(batch, "--json")
        told = json.loads(said)
        assert (code, told["equal"]) == (1, False)
        assert [row["uid"] for row in told["responses"]] == batch.order
        assert [row["at"] for row in told["responses"]] == [3, *[None] * (len(batch.order) - 1)]

    def test_reasoning_is_compared_too(self, batch: Batch) -> None:
        Response.objects.filter(uid=batch.order[0]).update(reasoning="Hm.")
        assert replay(batch)[0] == 1

    def test_a_response_that_was_deleted_is_told(self, batch: Batch) -> None:
        Response.objects.filter(uid=batch.order[0]).delete()
        _, said = replay(batch)
        assert f"1 of its {len(batch.order)} responses are deleted, so this is not the same call" in said

    def test_responses_that_moved_on_are_not_compared(self, batch: Batch) -> None:
        other = Batch.objects.exclude(pk=batch.pk)[0]
        Response.objects.filter(uid=batch.order[0]).update(batch=other)
        found = replay_batch(batch=batch)
        assert len(found.comparisons) == len(batch.order) - 1
        assert any("retried in a later batch" in change for change in found.changes)

    def test_there_must_be_something_to_compare(self, run: Run) -> None:
        for number in (run.batches.all()[0].pk, 987654321):
            with pytest.raises(CommandError) as raised:
                call_command("replay_batch", str(number))
            assert raised.value.returncode == 2


@given(st.text(max_size=8), st.text(max_size=8))
def test_the_first_difference_is_one(before: str, after: str) -> None:
    at = find_difference(before, after)
    if at is None:
        assert before == after
    else:
        assert before[:at] == after[:at]
        assert before[at : at + 1] != after[at : at + 1]
