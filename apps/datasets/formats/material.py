"""What rows are made of: what a prompt gives, with its texts, and where all of it comes from."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from apps.datasets.deciding.harvest import Harvest
from apps.datasets.deciding.lessons import Lesson
from apps.datasets.evidence import Ballot, ItemFacts, Message, ResponseFacts, ResponseText

Row = dict[str, Any]
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rater ticked and wrote, in order to be quoted: reasons by the place of a response, and words."""

    reasons: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    comment: str = ""


NOTHING = Remark()
ReadRemark = Callable[[ItemFacts, Ballot], Remark]


def read_nothing(item: ItemFacts, ballot: Ballot) -> Remark:
    return NOTHING


@dataclass(frozen=True, slots=True)
class Material:
    """One prompt's part of a dataset.

    Attributes:
        messages: the conversation, each message with a role and a content and nothing besides.
        source: all that came with the prompt, as JSON.
        texts: by the row of the response; every response that a row needs is in it.
        read_remark: what a ballot says besides its votes.
    """

    harvest: Harvest
    messages: list[Message]
    source: str
    texts: Mapping[int, ResponseText]
    read_remark: ReadRemark = read_nothing
    _replies: dict[int, list[Message]] = field(default_factory=dict)
    _conversations: dict[int, list[Message]] = field(default_factory=dict)
    _origins: dict[int, Row] = field(default_factory=dict)
    _descriptions: dict[int, Row] = field(default_factory=dict)

    def reply(self, response: ResponseFacts) -> list[Message]:
        """The response as its only message; the same list every time, so that it is checked once."""
        made = self._replies.get(response.id)
        if made is None:
            made = [{"role": "assistant", "content": self.texts[response.id].text}]
            self._replies[response.id] = made
        return made

    def converse(self, response: ResponseFacts) -> list[Message]:
        """The conversation with the response at its end; the same list every time."""
        made = self._conversations.get(response.id)
        if made is None:
            made = self._conversations[response.id] = [*self.messages, *self.reply(response)]
        return made

    def teach(self, lesson: Lesson) -> Message:
        """The answer to learn."""
        if lesson.text or lesson.place is None:
            return {"role": "assistant", "content": lesson.text}
        return self.reply(lesson.item.responses[lesson.place])[0]

    def describe(self, made: Made, describe: Callable[[Made, "Material"], Row]) -> Row:
        """The description of a pair, lesson or label of the harvest, made once for all formats."""
        known = self._descriptions.get(id(made))
        if known is None:
            known = self._descriptions[id(made)] = describe(made, self)
        return known

    def trace(self, response: ResponseFacts) -> Row:
        """Where the response comes from; the same dict every time."""
        made = self._origins.get(response.id)
        if made is None:
            made = self._origins[response.id] = _trace(response, self.texts[response.id])
        return made


def _trace(facts: ResponseFacts, rest: ResponseText) -> Row:
    return {
        "uid": facts.uid,
        "name": facts.name,
        "model": rest.model,
        "revision": rest.revision,
        "sampling": rest.sampling,
        "system_prompt": rest.system_prompt,
        "finish_reason": facts.finish_reason,
        "tokens_in": rest.tokens_in,
        "tokens_out": rest.tokens_out,
        "length": len(rest.text),
        "generated_at": rest.generated_at,
    }


def list_responses(harvest: Harvest, *, everything: bool) -> Iterator[int]:
    """The responses whose texts are needed: those of pairs, lessons and labels, or of all answered items."""
    for pair in harvest.pairs:
        yield pair.winner.id
        yield pair.loser.id
    for lesson in harvest.lessons:
        if lesson.place is not None:
            yield lesson.item.responses[lesson.place].id
    for label in harvest.labels:
        yield label.item.responses[label.place].id
    if everything:
        for item in harvest.items:
            yield from (response.id for response in item.responses)
