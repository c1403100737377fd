import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.datasets.deciding.margins import MARGINS, name_strength


@pytest.mark.parametrize(
    ("name", "strength", "steps", "margin"),
    [
        ("strength", 7 / 3, 3, 7 / 3),
        ("share", 1.5, 3, 0.5),
        ("share", 1.0, 1, 1.0),
        # Of the scale with three steps a side: -3…3 becomes 3, 2, 1, and what is hardly one step 0.
        ("llama2_large", 3.0, 3, 3.0),
        ("llama2_large", 2.4, 3, 2.0),
        ("llama2_large", 1.0, 3, 1.0),
        ("llama2_large", 1 / 3, 3, 0.0),
        ("llama2_small", 3.0, 3, 1.0),
        ("llama2_small", 2.0, 3, 2 / 3),
        ("llama2_small", 1.0, 3, 1 / 3),
        ("llama2_small", 0.4, 3, 0.0),
        # Others by their words: barely, slightly, better, much; slightly, much; better.
        ("llama2_large", 4.0, 4, 3.0),
        ("llama2_large", 3.0, 4, 2.0),
        ("llama2_large", 2.0, 4, 1.0),
        ("llama2_large", 1.0, 4, 0.0),
        ("llama2_large", 1.5, 2, 3.0),
        ("llama2_large", 1.0, 2, 1.0),
        ("llama2_large", 1.0, 1, 2.0),
        ("none", 2.0, 3, None),
    ],
)
def test_a_strength_becomes_a_margin(name: str, strength: float, steps: int, margin: float | None) -> None:
    assert MARGINS[name](strength, steps) == margin


@pytest.mark.parametrize("name", [name for name in MARGINS if name != "none"])
@given(steps=st.integers(1, 4), shares=st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)))
def test_a_stronger_preference_never_has_a_smaller_margin(
    name: str, steps: int, shares: tuple[float, float]
) -> None:
    weak, strong = sorted(share * steps for share in shares)
    below, above = MARGINS[name](weak, steps), MARGINS[name](strong, steps)
    assert below is not None
    assert above is not None
    assert 0 <= below <= above


@pytest.mark.parametrize(
    ("strength", "steps", "word"),
    [(0.2, 3, "slightly"), (1.5, 3, "better"), (3.0, 3, "much"), (1.0, 4, "barely"), (0.4, 1, "better")],
)
def test_a_strength_is_called_by_the_nearest_word(strength: float, steps: int, word: str) -> None:
    assert name_strength(strength, steps) == word
