"""Evidence and material without a database, for pure tests."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from apps.datasets.deciding.harvest import Harvest, Harvester
from apps.datasets.deciding.scales import Scales
from apps.datasets.deciding.screening import Screen
from apps.datasets.deciding.selecting import Selector
from apps.datasets.deciding.splitting import Splitter
from apps.datasets.evidence import (
    Ballot,
    Evidence,
    ItemFacts,
    Message,
    PromptFacts,
    ResponseFacts,
    ResponseText,
)
from apps.datasets.formats.base import Need
from apps.datasets.formats.material import Material
from apps.datasets.models import Split
from apps.datasets.recipes.document import RecipeDocument
from apps.prompts.personal_data import Rules
from apps.quality.consensus import Vote

WORDS = {1: {"justification": frozenset[str](), "rewrite": frozenset[str]()}}
AT = "2026-03-01T09:30:00.000000+00:00"
Places = tuple[int, int]


def uid(number: int) -> str:
    return str(UUID(int=number))


def make_response(number: int, text: str, *, finish_reason: str = "stop") -> ResponseFacts:
    """The facts of a response; `write` has its text."""
    bare = text.strip()
    digest = hashlib.md5(bare.encode(), usedforsecurity=False).hexdigest()
    return ResponseFacts(
        number, uid(100 + number), digest, len(bare), f"configuration-{number}", finish_reason
    )


def write(number: int, text: str, **fields: Any) -> ResponseText:
    plain = ResponseText(text, f"model-{number}", "", "{}", "", None, None, None)
    return plain._replace(**fields)


def make_vote(word: str, steps: int = 3) -> Vote:
    """Such as "a2", "tie" or "both_bad"."""
    prefers = word[1:].isdecimal()
    if prefers:
        return Vote("prefers", "a" if word[0] == "a" else "b", int(word[1:]), steps)
    return Vote(word, None, 0, steps)


def make_ballot(number: int, votes: Mapping[Places, str] | str = "", **fields: Any) -> Ballot:
    """What `rater-NUMBER` said; a word alone is about the first two responses. Everybody is shown 0 first."""
    words = {(0, 1): votes} if isinstance(votes, str) and votes else dict(votes or {})
    count = max([place + 1 for pair in words for place in pair], default=0)
    pairs = {pair: make_vote(word) for pair, word in words.items()}
    plain = Ballot(uid(200 + number), "rater", f"rater-{number}", 1, AT, tuple(range(count)), pairs)
    return plain._replace(**fields)


def make_item(
    number: int, responses: Iterable[ResponseFacts], ballots: Iterable[Ballot], **fields: Any
) -> ItemFacts:
    given = tuple(ballots)
    plain = ItemFacts(number, uid(number), "ordinary", 1, len(given), len(given), tuple(responses), given)
    return plain._replace(**fields)


def make_prompt(*roles: str, number: int = 1, **fields: Any) -> PromptFacts:
    plain = PromptFacts(number, uid(10 + number), uid(20 + number), "chat", "en", roles or ("user",))
    return plain._replace(**fields)


def talk(*contents: str, system: str | None = None) -> list[Message]:
    """Turns of user and assistant in turn, the last one the user's."""
    messages = [{"role": "system", "content": system}] if system is not None else []
    for place, content in enumerate(contents):
        role = "user" if (len(contents) - place) % 2 else "assistant"
        messages.append({"role": role, "content": content})
    return messages


def harvest(
    items: Iterable[ItemFacts], *, prompt: PromptFacts | None = None, recipe: RecipeDocument | None = None
) -> Harvest:
    """What a recipe makes of them, all of it to train on."""
    document = recipe or RecipeDocument()
    harvester = Harvester(
        document,
        selector=Selector(document.answers, only=frozenset(), without=frozenset()),
        splitter=Splitter(b"key", document.splits.model_copy(update={"test": 0.0, "validation": 0.0})),
        screen=Screen(document.personal_data, Rules(), WORDS),
        needs=frozenset(Need),
        scales=Scales({1: "quality"}, {1: document.lessons.question}),
    )
    made = harvester.harvest(Evidence(prompt or make_prompt(), tuple(items)))
    assert made.split in (Split.TRAIN, None)
    return made


def make_material(
    texts: Mapping[int, str],
    *votes: str,
    messages: list[Message] | None = None,
    recipe: RecipeDocument | None = None,
) -> Material:
    """An item for each two texts in their order, with a rater for each word of its `votes` ("a2 tie")."""
    numbers = list(texts)
    items = []
    for place, words in enumerate(votes):
        pair = [make_response(number, texts[number]) for number in numbers[2 * place : 2 * place + 2]]
        ballots = [make_ballot(10 * place + number, word) for number, word in enumerate(words.split())]
        items.append(make_item(place + 1, pair, ballots))
    conversation = messages or talk("Is it?")
    roles = tuple(message["role"] for message in conversation)
    return Material(
        harvest(items, prompt=make_prompt(*roles), recipe=recipe),
        conversation,
        "{}",
        {number: write(number, text) for number, text in texts.items()},
    )
