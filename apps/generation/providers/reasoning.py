"""What a model thought is no part of what it answered. Pure functions.

Reasoning models write their thoughts between tags before the answer. Templates and servers differ in what
arrives: both tags, the closing one alone (the template had opened it), or the opening one alone (the tokens
ran out). A tag that an answer merely talks about is left where it is.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

TAGS = (
    *((f"<{name}>", f"</{name}>") for name in ("think", "thinking", "thought", "reasoning", "seed:think")),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
)
_KIND = {tag: kind for kind, pair in enumerate(TAGS) for tag in pair}
_OPENING = {opening for opening, _ in TAGS}
_TAG = re.compile("|".join(map(re.escape, sorted(_KIND, key=len, reverse=True))))
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)", re.MULTILINE)
_QUOTES = ("`", "'", '"', "“", "‘")
CHANNEL = "<|channel|>"
_SPOKEN = re.compile(r"\s*(?:<\|start\|>assistant)?\s*<\|channel\|>")
# Between a channel and its message stands no other channel: thousands of them would take minutes to read.
_SEGMENT = re.compile(
    r"<\|channel\|>\s*+(\w++)(?:(?!<\|channel\|>).)*?<\|message\|>(.*?)(?=<\|(?:end|return|call|start|channel)\|>|\Z)",
    re.DOTALL,
)


class Split(NamedTuple):
    answer: str
    reasoning: str


def split_reasoning(text: str, *, begun: bool = False) -> Split:
    """The answer in `text` and the reasoning that came with it; a text without reasoning stays as it is.

    Args:
        begun: the model was already reasoning when it began to write, since its template opened a tag.
    """
    if _SPOKEN.match(text):
        return _split_channels(text)
    tags = list(_TAG.finditer(text))
    if not tags and not begun:
        return Split(text, "")
    scan = _Scan(text, thinking=begun)
    for tag in tags:
        scan.meet(tag)
    return scan.finish()


def opens_reasoning(rendered: str) -> bool:
    """Whether a conversation, as its template rendered it, ends in the midst of reasoning."""
    return rendered.rstrip().endswith(tuple(_OPENING))


def _split_channels(text: str) -> Split:
    """Harmony, the format of gpt-oss: each message names its channel, and `final` is the answer."""
    said: dict[bool, list[str]] = {True: [], False: []}
    for channel, message in _SEGMENT.findall(text):
        said[channel == "final"].append(message.strip())
    return Split(*("\n\n".join(filter(None, said[is_final])) for is_final in (True, False)))


@dataclass
class _Scan:
    """One pass over the tags of a text.

    Attributes:
        thinking: within reasoning; `kind` of tag that began it, None where the template did.
        at: up to where the text is dealt with.
        is_fresh: nothing but space stands before it on its line, or since reasoning ended.
        named: kinds of opening tags that the answer itself mentions.
    """

    text: str
    thinking: bool
    kind: int | None = None
    at: int = 0
    is_fresh: bool = True
    is_fenced: bool = False
    is_split: bool = False
    answer: list[str] = field(default_factory=list)
    thoughts: list[str] = field(default_factory=list)
    named: set[int] = field(default_factory=set)

    def meet(self, tag: re.Match[str]) -> None:
        kind, opening = _KIND[tag[0]], tag[0] in _OPENING
        if self.thinking:
            self._meet_while_thinking(tag, kind, opening)
            return
        self._answer(tag.start())
        if opening and self.is_fresh and not self.is_fenced:
            self._turn(tag, thinking=True, kind=kind)
        elif opening:
            self.named.add(kind)
            self._answer(tag.end())
        elif kind in self.named or self.text.endswith(_QUOTES, 0, tag.start()):
            self._answer(tag.end())
        else:  # it closes what a template opened: all until here was reasoning
            self.thoughts.append("".join(self.answer))
            self.answer, self.named, self.is_fenced = [], set(), False
            self._turn(tag, thinking=False)

    def _meet_while_thinking(self, tag: re.Match[str], kind: int, opening: bool) -> None:
        if not opening and self.kind in {None, kind}:
            self.thoughts.append(self.text[self.at : tag.start()])
            self._turn(tag, thinking=False)
        elif opening and self.kind is None and not self.text[self.at : tag.start()].strip():
            self._turn(tag, thinking=True, kind=kind)  # the template began it, and the model again

    def _answer(self, end: int) -> None:
        """The text up to `end` is answer. It is looked at once: a hostile one has thousands of tags."""
        piece = self.text[self.at : end]
        self.answer.append(piece)
        lines = piece if self.is_fresh else piece.partition("\n")[2]
        self.is_fenced ^= len(_FENCE.findall(lines)) % 2 == 1
        last = piece.rpartition("\n")[2]
        self.is_fresh = not last.strip() and (self.is_fresh or "\n" in piece)
        self.at = end

    def _turn(self, tag: re.Match[str], *, thinking: bool, kind: int | None = None) -> None:
        self.thinking, self.kind, self.at = thinking, kind, tag.end()
        self.is_fresh = self.is_split = True

    def finish(self) -> Split:
        (self.thoughts if self.thinking else self.answer).append(self.text[self.at :])
        if not self.is_split and not self.thinking:
            return Split(self.text, "")
        reasoning = "\n\n".join(part.strip() for part in self.thoughts if part.strip())
        return Split("".join(self.answer).strip(), reasoning)
