"""What must leave, worked out from the raters' diaries alone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tests.acceptance.diary import Diary, Entry

CLEAR = 2.0  # steps of mean strength, from which a chosen response is a lesson
GOOD, BAD = 3.0, 1.0  # points of helpfulness


@dataclass(frozen=True)
class Expected:
    """A pair by its texts, with what the votes behind it come to."""

    prompt: str
    chosen: str
    rejected: str
    strength: float
    agreement: float
    annotations: frozenset[str]

    @property
    def key(self) -> tuple[str, str, str]:
        return self.prompt, self.chosen, self.rejected


def find_pairs(diary: Diary, raters: int) -> list[Expected]:
    """Of every item that all have judged: more than half prefer it, and so does the mean strength."""
    decided = [
        pair
        for votes in diary.group().values()
        if len(votes) == raters and (pair := _decide(votes)) is not None
    ]
    said = {pair.key for pair in decided}
    return [pair for pair in decided if (pair.prompt, pair.rejected, pair.chosen) not in said]


def _decide(votes: dict[str, Entry]) -> Expected | None:
    first = next(iter(votes.values()))
    one, other = sorted(first.pair)
    signed = [_sign(entry, one) for entry in votes.values()]
    total = sum(signed)
    winner, loser = (one, other) if total > 0 else (other, one)
    backing = sum(value * total > 0 for value in signed)
    if 2 * backing <= len(signed) or first.texts[one].strip() == first.texts[other].strip():
        return None
    return Expected(
        first.prompt,
        first.texts[winner],
        first.texts[loser],
        abs(total) / len(signed),
        backing / len(signed),
        frozenset(votes),
    )


def _sign(entry: Entry, one: str) -> int:
    vote = entry.answers["preference"]
    if vote["relation"] != "prefers":
        return 0
    return int(vote["strength"]) if vote["response"] == one else -int(vote["strength"])


def find_chosen(diary: Diary, raters: int) -> set[tuple[str, str]]:
    """Prompts with the responses that clearly won and lost to nothing."""
    pairs = find_pairs(diary, raters)
    beaten = {(pair.prompt, pair.rejected) for pair in pairs}
    return {
        (pair.prompt, pair.chosen)
        for pair in pairs
        if pair.strength >= CLEAR and (pair.prompt, pair.chosen) not in beaten
    }


def find_rewritten(entries: Iterable[Entry]) -> set[tuple[str, str]]:
    """Prompts with what was made of their better response; it may have been left as it is."""
    found = set()
    for entry in entries:
        said = entry.answers["rewrite"]
        text = entry.texts[said["response"]] if said.get("as_is") else said["text"]
        found.add((entry.prompt, text.strip("\n").rstrip()))
    return found


def find_labels(diary: Diary, question: str = "helpfulness") -> dict[tuple[str, str], bool]:
    """Whether a response is good or bad by the mean of its points; those between are left out."""
    points: dict[tuple[str, str], list[int]] = defaultdict(list)
    for entry in diary.entries.values():
        for uid, said in entry.answers[question].items():
            points[entry.prompt, entry.texts[uid]].append(said["value"])
    means = {key: sum(given) / len(given) for key, given in points.items()}
    return {key: mean >= GOOD for key, mean in means.items() if mean >= GOOD or mean <= BAD}
