import pytest

from apps.generation.headlines import (
    describe_configs,
    describe_failures,
    describe_lengths,
    describe_parts,
    describe_runs,
)
from apps.generation.lengths import Lengths
from apps.generation.models import ModelConfig
from apps.generation.progress import Part, Progress


@pytest.mark.parametrize(
    ("progresses", "finding"),
    [
        ([], "Nothing has been generated yet"),
        ([Progress(48, 48, 0)], "48 of 48 responses are in"),
        ([Progress(48, 31, 0)], "31 of 48 responses are in"),
        ([Progress(1000, 500, 1), Progress(1000, 900, 1)], "1,400 of 2,000 responses are in; two failed"),
    ],
)
def test_runs(progresses: list[Progress], finding: str) -> None:
    assert describe_runs(progresses) == finding


@pytest.mark.parametrize(
    ("configs", "silent", "finding"),
    [
        (0, 0, "No model is set up yet"),
        (1, 1, "One configuration has not answered yet"),
        (3, 3, "Three configurations have not answered yet"),
        (2, 0, "Two configurations have answered"),
        (3, 1, "Two configurations have answered, one not yet"),
    ],
)
def test_configs(configs: int, silent: int, finding: str) -> None:
    assert describe_configs(configs, silent) == finding


def test_failures() -> None:
    assert describe_failures([1]) == "One response failed, for one reason"
    assert describe_failures([20, 3]) == "23 responses failed, for two reasons"


@pytest.mark.parametrize(
    ("lengths", "finding"),
    [
        (Lengths(0, 0, None), "No response is finished yet"),
        (Lengths(48, 0, 120.0), "Every response ended by itself"),
        (Lengths(48, 7, 120.0), "7 of 48 responses ran out of tokens"),
    ],
)
def test_lengths(lengths: Lengths, finding: str) -> None:
    assert describe_lengths(lengths) == finding


def part(name: str, total: int, done: int, failed: int = 0) -> Part:
    return Part(ModelConfig(name=name), Progress(total, done, failed), None)


@pytest.mark.parametrize(
    ("parts", "rests", "finding"),
    [
        ([part("Bold", 9, 0)], False, "The first answer is awaited"),
        ([part("Bold", 9, 0), part("Warm", 9, 0)], False, "Nobody has answered yet"),
        ([part("Bold", 9, 4)], False, "Bold is at it"),
        ([part("Bold", 9, 4)], True, "Bold waits"),
        ([part("Bold", 9, 9)], False, "Bold is through"),
        ([part("Bold", 9, 9), part("Warm", 9, 9)], False, "Every configuration is through"),
        ([part("Bold", 100, 50), part("Warm", 100, 55)], False, "The configurations are equally far"),
        ([part("Bold", 100, 50), part("Warm", 100, 75)], False, "Bold is behind the others"),
        ([part("Bold", 20, 0), part("Warm", 20, 0, 20)], True, "Warm has only failed so far"),
        ([part("Bold", 20, 0), part("Warm", 20, 9, 11)], True, "Bold is behind the others"),
    ],
)
def test_parts(parts: list[Part], rests: bool, finding: str) -> None:
    assert describe_parts(parts, rests=rests) == finding
