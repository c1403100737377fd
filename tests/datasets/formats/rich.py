"""One prompt with a bit of everything, whose rows the golden tests spell out."""

from apps.datasets.deciding.harvest import Harvest
from apps.datasets.deciding.labels import Label
from apps.datasets.deciding.lessons import Lesson
from apps.datasets.deciding.pairs import Pair
from apps.datasets.evidence import Ballot, ItemFacts, Written
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Row
from apps.datasets.formats.material import NOTHING, Material, Remark
from apps.datasets.models import Split
from apps.quality.consensus import Consensus
from tests.datasets.samples import (
    AT,
    make_ballot,
    make_item,
    make_prompt,
    make_response,
    talk,
    uid,
    write,
)

TEXTS = {
    1: " Oui 😀\n",
    2: "Non.",
    3: "Peut-être",
    4: "Yes.",
    5: "Oui, répété.\r\n",
    6: "??",
    7: "!!",
    8: "",
}
RESPONSES = {number: make_response(number, text) for number, text in TEXTS.items()}
RANKED = make_item(
    1,
    [RESPONSES[1], RESPONSES[2], RESPONSES[3]],
    [
        make_ballot(1, {(1, 2): "b1", (0, 1): "a2", (0, 2): "a1"}, shown=(2, 0, 1)),
        make_ballot(2, {(0, 1): "a1", (0, 2): "tie", (1, 2): "b1"}),
    ],
)
COMPARED = make_item(
    2,
    [RESPONSES[4], RESPONSES[5]],
    [
        make_ballot(3, "b3", answers={"preference": {"winner": "b"}, "justification": {"text": "Fluent."}}),
        make_ballot(4, "b2", shown=(1, 0), guideline=2),
        make_ballot(5, "tie"),
    ],
)
BOTH_BAD = make_item(3, [RESPONSES[6], RESPONSES[7]], [make_ballot(6, "both_bad")])
WRITTEN = make_item(4, [], [make_ballot(7, written=(Written("demonstration", "Encore !", None),))])
REWRITTEN = make_item(
    5,
    [RESPONSES[1]],
    [
        make_ballot(
            8,
            points={("quality", 0): 4, ("overall", None): 3},
            written=(Written("rewrite", "Oui, encore. 😀", 0),),
        )
    ],
)
FOREIGN = make_item(
    6,
    [RESPONSES[1], RESPONSES[8]],
    [
        make_ballot(9, "a1", origin="imported", guideline=None, shown=()),
        make_ballot(10, "tie", origin="machine", guideline=None, shown=()),
    ],
    kind="imported",
)
ITEMS = (RANKED, COMPARED, BOTH_BAD, WRITTEN, REWRITTEN, FOREIGN)


def _pair(item: ItemFacts, chosen: int, rejected: int, strength: float, **fields: object) -> Pair:
    places = (min(chosen, rejected), max(chosen, rejected))
    votes = tuple(ballot.pairs[places] for ballot in item.ballots)
    side = "a" if chosen < rejected else "b"
    share = sum(vote.winner == side for vote in votes) / len(votes)
    everyone = tuple(range(len(votes)))
    sides = (item.responses[chosen], item.responses[rejected])
    answer = Consensus("a" if side == "a" else "b", strength, 3, share, len(votes), None, everyone)
    return Pair(item, chosen, rejected, answer, everyone, votes, strength / 3, (1, 2), *sides)._replace(
        **fields
    )  # type: ignore[arg-type]


FIRST = _pair(RANKED, 0, 1, 1.5, ranks=(1, 3))
SECOND = _pair(RANKED, 2, 1, 1.0, ranks=(2, 3))
THIRD = _pair(COMPARED, 1, 0, 2.5)
LESSONS = (
    Lesson(WRITTEN, "demonstration", "Encore !", None, (0,)),
    Lesson(REWRITTEN, "rewrite", "Oui, encore. 😀", 0, (0,)),
    Lesson(COMPARED, "chosen", "", 1, (0, 1, 2), 2.5, 2 / 3),
)
LABELS = (Label(REWRITTEN, 0, True, (0,), 4.0), Label(BOTH_BAD, 0, False, (0,), None))
PROMPT = make_prompt("system", "user", "assistant", "user")
MESSAGES = talk("你好", "Salut !", "Encore ?", system="Answer in French.")


def read_remark(item: ItemFacts, ballot: Ballot) -> Remark:
    """The first rater of the item that was compared said why."""
    if ballot.annotation != uid(203):
        return NOTHING
    return Remark({0: ("incorrect",), 1: ("clear", "complete")}, "Fluent.")


def make_rich() -> Material:
    texts = {number: write(number, text) for number, text in TEXTS.items()}
    texts[5] = write(
        5,
        TEXTS[5],
        model="mistral",
        revision="abc",
        sampling='{"top_p": 0.9}',
        system_prompt="Be kind.",
        tokens_in=9,
        tokens_out=3,
        generated_at=AT,
    )
    made = Harvest(PROMPT, Split.TRAIN, ITEMS, (FIRST, SECOND, THIRD), LESSONS, LABELS, {})
    return Material(made, MESSAGES, '{"id": 7}', texts, read_remark)


def make_plain() -> Material:
    """A single question with one pair."""
    item = make_item(7, [RESPONSES[4], RESPONSES[2]], [make_ballot(11, "a3")])
    pair = _pair(item, 0, 1, 3.0)
    prompt = make_prompt("system", "user", number=2)
    made = Harvest(prompt, Split.TRAIN, (item,), (pair,), (), (), {})
    texts = {number: write(number, TEXTS[number]) for number in (4, 2)}
    return Material(made, talk("Is it?", system="Be brief."), "{}", texts)


def make_bare_rows(name: str, material: Material) -> list[Row]:
    """The rows of a format without their metadata."""
    rows = list(FORMATS[name].make_rows(material))
    return [{column: value for column, value in row.items() if column != "metadata"} for row in rows]
