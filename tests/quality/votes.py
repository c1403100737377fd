"""Votes in short, and any votes there can be."""

from hypothesis import strategies as st

from apps.quality.consensus import Side, Vote

SWAPPED: dict[Side | None, Side | None] = {"a": "b", "b": "a", None: None}
ASIDE = ["tie", "both_good", "both_bad", "cannot_tell"]


def say(text: str, steps: int = 3) -> tuple[Vote, ...]:
    """As "a2 b1 tie both_bad"."""
    return tuple(read_vote(word, steps) for word in text.split())


def read_vote(word: str, steps: int = 3) -> Vote:
    if word[1:].isdecimal():
        return Vote("prefers", "a" if word[0] == "a" else "b", int(word[1:]), steps)
    return Vote(word, None, 0, steps)


def mirror(given: tuple[Vote, ...]) -> tuple[Vote, ...]:
    """The same votes on the same two responses, the other one first."""
    return tuple(vote._replace(winner=SWAPPED[vote.winner]) for vote in given)


@st.composite
def votes(draw: st.DrawFn, minimum: int = 0) -> tuple[Vote, ...]:
    steps = draw(st.integers(1, 4))
    prefers = [f"{side}{strength}" for side in "ab" for strength in range(1, steps + 1)]
    words = draw(st.lists(st.sampled_from([*prefers, *ASIDE]), min_size=minimum, max_size=9))
    return say(" ".join(words), steps)
