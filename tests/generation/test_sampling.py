import pytest
from pydantic import ValidationError

from apps.core.errors import InvalidInputError
from apps.generation.sampling import Sampling


def test_what_is_stored_comes_back() -> None:
    sampling = Sampling(temperature=0.2, stop=("END", "\n\n"), top_k=40)
    assert Sampling.model_validate(sampling.dump()) == sampling


@pytest.mark.parametrize(
    "values",
    [
        {"temperature": -0.1},
        {"temperature": 2.1},
        {"temperature": float("nan")},
        {"top_p": 0},
        {"top_p": 1.01},
        {"top_k": -1},
        {"max_new_tokens": 0},
        {"max_new_tokens": 40_000},
        {"repetition_penalty": 0.1},
        {"stop": ["a", "b", "c", "d", "e"]},
        {"stop": [""]},
        {"top_q": 1},
    ],
)
def test_what_makes_no_sense_is_refused_by_name(values: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError, match=next(iter(values))):
        Sampling.read(values)


def test_it_never_changes() -> None:
    with pytest.raises(ValidationError):
        Sampling().temperature = 1.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("sampling", "words"),
    [
        (Sampling(), "temperature 0.7 · top-p 0.95 · up to 256 tokens"),
        (Sampling(temperature=0, top_k=5), "greedy · up to 256 tokens"),
        (
            Sampling(
                temperature=1, top_p=1, top_k=50, repetition_penalty=1.1, max_new_tokens=4096, stop=("END",)
            ),
            "temperature 1 · top-k 50 · repetition 1.1 · up to 4,096 tokens · stops at 'END'",
        ),
    ],
)
def test_in_a_line(sampling: Sampling, words: str) -> None:
    assert sampling.describe() == words
