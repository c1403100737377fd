"""What only models in the worker do, on a real model of a few thousand random weights."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.generation.providers import memory
from apps.generation.providers.base import Completion, GenerationRequest, ModelSpec, Outcome
from apps.generation.providers.errors import (
    ModelNotLoadedError,
    NoChatTemplateError,
    OnlyReasoningError,
    TemplateRefusedError,
)
from apps.generation.providers.transformers_provider import TransformersProvider
from apps.generation.sampling import Sampling
from tests.generation.tiny_model import CHATML, make_tiny_model

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LOAD_FROM_HUB = """
from apps.generation.providers.base import ModelSpec
from apps.generation.providers.loading import read_model
print(read_model(ModelSpec("somebody/tiny")).revision)
"""
GREEDY = Sampling(temperature=0, max_new_tokens=12)


@pytest.fixture(autouse=True)
def nothing_loaded() -> Iterator[None]:
    memory.forget_models()
    yield
    memory.forget_models()


def ask(model: Path | str, *questions: str, sampling: Sampling = GREEDY, seed: int = 1) -> list[Outcome]:
    requests = [GenerationRequest(({"role": "user", "content": text},)) for text in questions]
    return TransformersProvider(ModelSpec(str(model))).generate(requests, sampling, seed)


def test_padding_changes_nothing(tiny_model: Path) -> None:
    """A short row beside a long one gets the answer that it gets alone."""
    questions = ["Hi", "What is two and two, and what is it not?"]
    together = ask(tiny_model, *questions)
    alone = [ask(tiny_model, question)[0] for question in questions]
    assert [(o.text, o.tokens_in) for o in together] == [(o.text, o.tokens_in) for o in alone]


def test_tokens_are_counted_without_padding(tiny_model: Path) -> None:
    short, long = ask(tiny_model, "Hi", "What is two and two?")
    assert short.tokens_in < long.tokens_in
    assert short.tokens_out <= 12


def test_running_out_of_tokens_is_no_end(tiny_model: Path) -> None:
    (answer,) = ask(tiny_model, "Hi")
    assert isinstance(answer, Completion)
    assert (answer.finish_reason, answer.tokens_out) == ("length", 12)


def test_a_stop_text_ends_the_answer_and_is_no_part_of_it(tiny_model: Path) -> None:
    (whole,) = ask(tiny_model, "Hi")
    stop = whole.text[3:6]
    (cut,) = ask(tiny_model, "Hi", sampling=GREEDY.model_copy(update={"stop": (stop,)}))
    assert isinstance(cut, Completion)
    assert cut.text == whole.text[: whole.text.index(stop)]
    assert cut.finish_reason == "stop"


def test_the_model_ending_by_itself_is_a_stop(tmp_path: Path) -> None:
    from transformers import GenerationConfig

    model = make_tiny_model(tmp_path / "model")
    # One token in eight ends the answer, so that no answer is likely to reach 60.
    GenerationConfig(eos_token_id=list(range(100, 140)), pad_token_id=0).save_pretrained(model)
    drawn = Sampling(temperature=1, max_new_tokens=60)
    answers = [a for a in ask(model, *["Hi"] * 6, sampling=drawn) if isinstance(a, Completion)]
    assert answers
    for answer in answers:
        assert answer.finish_reason == "stop"
        assert answer.tokens_out < 60


def test_the_models_own_defaults_do_not_steer(tmp_path: Path) -> None:
    """What is stored as sampling is all of it."""
    from transformers import GenerationConfig

    model = make_tiny_model(tmp_path / "model")
    (before,) = ask(model, "Hi")
    memory.forget_models()
    GenerationConfig(eos_token_id=2, suppress_tokens=list(range(3, 290))).save_pretrained(model)
    (after,) = ask(model, "Hi")
    assert before.text == after.text


def test_the_revision_follows_the_files(tmp_path: Path) -> None:
    model = make_tiny_model(tmp_path / "model")
    (first,) = ask(model, "Hi")
    memory.forget_models()
    (again,) = ask(model, "Hi")
    (model / "config.json").write_text((model / "config.json").read_text() + "\n")
    memory.forget_models()
    (changed,) = ask(model, "Hi")
    assert first.revision.startswith("sha256:")
    assert first.revision == again.revision != changed.revision


def test_a_model_is_read_once(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = ask(tiny_model, "Hi")
    read: list[Any] = []
    monkeypatch.setattr(memory, "read_model", read.append)
    (second,) = ask(tiny_model, "Hi")
    assert read == []
    assert isinstance(second, Completion)
    assert second.text == first.text


def test_the_model_used_last_is_kept_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(memory, "read_model", lambda spec: read.append(spec.model))
    for model in ("a", "b", "a", "c", "a", "b"):
        memory.load_model(ModelSpec(model))
    assert read == ["a", "b", "c", "b"]


def test_a_model_without_a_chat_template(tmp_path: Path) -> None:
    model = make_tiny_model(tmp_path / "plain", chat_template=None)
    assert isinstance(ask(model, "Hi")[0], NoChatTemplateError)


def test_a_template_that_refuses_a_system_turn(tmp_path: Path) -> None:
    strict = (
        "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system turn') }}{% endif %}" + CHATML
    )
    model = make_tiny_model(tmp_path / "strict", chat_template=strict)
    turns = ({"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"})
    requests = [GenerationRequest(turns), GenerationRequest(turns[1:])]
    refused, fine = TransformersProvider(ModelSpec(str(model))).generate(requests, GREEDY, 1)
    assert isinstance(refused, TemplateRefusedError)
    assert "no system turn" in refused.message
    assert isinstance(fine, Completion)


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    (outcome,) = ask(tmp_path, "Hi")
    assert isinstance(outcome, ModelNotLoadedError)
    assert str(tmp_path) in outcome.message


def test_a_failure_to_load_is_remembered_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def fail(spec: ModelSpec) -> None:
        tried.append(spec.model)
        raise ModelNotLoadedError("no hub")

    monkeypatch.setattr(memory, "read_model", fail)
    for now in (0.0, 30.0, 59.0, 61.0, 62.0):
        with pytest.raises(ModelNotLoadedError, match="no hub"):
            memory.load_model(ModelSpec("far away"), clock=lambda now=now: now)
    assert len(tried) == 2


def test_the_revision_of_a_hub_model_is_its_commit(tmp_path: Path) -> None:
    """In a process of its own: the hub's cache is found once, when its library is imported."""
    cached = tmp_path / "hub" / "models--somebody--tiny"
    make_tiny_model(cached / "snapshots" / COMMIT)
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text(COMMIT)
    env = {
        **os.environ,
        "HF_HOME": str(tmp_path),
        "HF_HUB_OFFLINE": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", LOAD_FROM_HUB], env=env, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == COMMIT, done.stderr


def test_reasoning_that_the_template_began_is_no_answer(tmp_path: Path) -> None:
    """Qwen's and DeepSeek's templates open the tag; a model that never closes it has not answered."""
    opened = CHATML.replace("assistant\n{% endif", "assistant\n<think>\n{% endif")
    assert opened != CHATML
    (error,) = ask(make_tiny_model(tmp_path / "model", chat_template=opened), "Hi")
    assert isinstance(error, OnlyReasoningError)
    assert error.reasoning


def test_the_template_is_named(tiny_model: Path, tmp_path: Path) -> None:
    other = make_tiny_model(tmp_path / "model", chat_template=CHATML + " ")
    templates = [ask(model, "Hi")[0].template for model in (tiny_model, tiny_model, other)]
    assert templates[0] == templates[1] != templates[2]
    assert templates[0].startswith("sha256:")
