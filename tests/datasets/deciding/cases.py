"""Items in short, for pure tests of decisions."""

from collections.abc import Mapping
from typing import Any

from apps.datasets.deciding.harvest import Harvest, Harvester
from apps.datasets.deciding.pairs import Pair
from apps.datasets.deciding.reasons import Reason
from apps.datasets.deciding.scales import Scales
from apps.datasets.deciding.screening import Screen
from apps.datasets.deciding.selecting import Selector
from apps.datasets.deciding.splitting import Splitter
from apps.datasets.evidence import Ballot, Evidence, ItemFacts, PromptFacts
from apps.datasets.formats.base import Need
from apps.datasets.recipes.document import RecipeDocument
from apps.prompts.personal_data import Rules
from tests.datasets.samples import WORDS, make_ballot, make_item, make_prompt, make_response
from tests.quality.votes import read_vote

Places = tuple[int, int]
TRAIN = {"splits": {"test": 0.0}}


def recipe(**sections: Any) -> RecipeDocument:
    return RecipeDocument.model_validate(TRAIN | sections)


def two(words: str, number: int = 1, texts: tuple[str, str] = ("Yes.", "No."), **fields: Any) -> ItemFacts:
    """Two responses and a rater for each word: "a2 tie"."""
    responses = [make_response(10 * number + place, text) for place, text in enumerate(texts)]
    ballots = [make_ballot(place, word) for place, word in enumerate(words.split())]
    return make_item(number, responses, ballots, **fields)


def ranked(
    *rankings: str, number: int = 1, texts: Mapping[int, str] | None = None, **fields: Any
) -> ItemFacts:
    """A rater for each ranking, the best first, with a letter for each response: "a>b=c", "a>c" with b open.

    What is named after a "|" has no place: it is worse than all that have, and two of these are both bad.
    """
    count = max(ord(letter) - 96 for one in rankings for letter in one if letter.isalpha())
    responses = [
        make_response(10 * number + place, (texts or {}).get(place, f"Answer {chr(97 + place)}."))
        for place in range(count)
    ]
    ballots = [_rank(n, one) for n, one in enumerate(rankings)]
    return make_item(number, responses, ballots, **fields)


def _rank(number: int, ranking: str) -> Ballot:
    pairs = {pair: read_vote(word, steps=1) for pair, word in _read_ranking(ranking).items()}
    return make_ballot(number)._replace(pairs=pairs)


def _read_ranking(ranking: str) -> dict[Places, str]:
    placed, _, bad = ranking.partition("|")
    places = {letter: n for n, group in enumerate(placed.split(">")) for letter in group.split("=") if letter}
    places |= dict.fromkeys(bad, 99)
    said: dict[Places, str] = {}
    letters = sorted(places)
    for n, one in enumerate(letters):
        for other in letters[n + 1 :]:
            pair = (ord(one) - 97, ord(other) - 97)
            if places[one] == places[other]:
                said[pair] = "both_bad" if places[one] == 99 else "tie"
            else:
                said[pair] = "a1" if places[one] < places[other] else "b1"
    return said


def reap(
    *items: ItemFacts,
    by: RecipeDocument | None = None,
    prompt: PromptFacts | None = None,
    needs: tuple[Need, ...] = tuple(Need),
    only: frozenset[str] = frozenset(),
    without: frozenset[str] = frozenset(),
    scales: Mapping[int, str] | None = None,
) -> Harvest:
    """What one prompt with these items gives."""
    document = by or recipe()
    harvester = Harvester(
        document,
        selector=Selector(document.answers, only=only, without=without),
        splitter=Splitter(b"key", document.splits),
        screen=Screen(document.personal_data, Rules(), WORDS),
        needs=frozenset(needs),
        scales=Scales(scales or {}, scales or {1: document.lessons.question}),
    )
    return harvester.harvest(Evidence(prompt or make_prompt(), items))


def name_pairs(pairs: tuple[Pair, ...] | list[Pair] | Reason) -> list[str]:
    """As "a>b", by places; the item's number first where it is not 1."""
    assert not isinstance(pairs, Reason), pairs
    return [
        f"{'' if pair.item.id == 1 else pair.item.id}{chr(97 + pair.chosen)}>{chr(97 + pair.rejected)}"
        for pair in pairs
    ]


def point(ballot: Ballot, **points: int) -> Ballot:
    """With points on the scale `quality`: `a=4`."""
    return ballot._replace(points={("quality", ord(letter) - 97): n for letter, n in points.items()})
