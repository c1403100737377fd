from typing import Any

from tests.datasets.formats.rich import make_bare_rows, make_rich

PROMPT = [
    {"role": "system", "content": "Answer in French."},
    {"role": "user", "content": "你好"},
    {"role": "assistant", "content": "Salut !"},
    {"role": "user", "content": "Encore ?"},
]
THREE = {
    "responses": [" Oui 😀\n", "Non.", "Peut-être"],
    "models": ["model-1", "model-2", "model-3"],
    "reasons": [[], [], []],
}
TWO = {"responses": ["Yes.", "Oui, répété.\r\n"], "models": ["model-4", "mistral"]}
FOREIGN = {"responses": [" Oui 😀\n", ""], "models": ["model-1", "model-8"]}
NO_WORD: dict[str, Any] = {"votes": [], "points": [], "comment": "", "texts": []}
SAYS_NOTHING = {**NO_WORD, "reasons": [[], []]}


def vote(first: int, second: int, winner: int | None, relation: str, strength: int) -> dict[str, Any]:
    return {
        "first": first,
        "second": second,
        "winner": winner,
        "relation": relation,
        "strength": strength,
        "steps": 3,
    }


def test_rows_before_and_after() -> None:
    assert make_bare_rows("comparisons", make_rich()) == [
        {"prompt": PROMPT, **row}
        for row in (
            {
                **NO_WORD,
                **THREE,
                "votes": [
                    vote(0, 1, 0, "prefers", 2),
                    vote(0, 2, 0, "prefers", 1),
                    vote(1, 2, 2, "prefers", 1),
                ],
            },
            {
                **NO_WORD,
                **THREE,
                "votes": [
                    vote(0, 1, 0, "prefers", 1),
                    vote(0, 2, None, "tie", 0),
                    vote(1, 2, 2, "prefers", 1),
                ],
            },
            {
                **NO_WORD,
                **TWO,
                "votes": [vote(0, 1, 1, "prefers", 3)],
                "reasons": [["incorrect"], ["clear", "complete"]],
                "comment": "Fluent.",
            },
            {**SAYS_NOTHING, **TWO, "votes": [vote(0, 1, 1, "prefers", 2)]},
            {**SAYS_NOTHING, **TWO, "votes": [vote(0, 1, None, "tie", 0)]},
            {
                **SAYS_NOTHING,
                "responses": ["??", "!!"],
                "models": ["model-6", "model-7"],
                "votes": [vote(0, 1, None, "both_bad", 0)],
            },
            {
                **NO_WORD,
                "responses": [],
                "models": [],
                "reasons": [],
                "texts": [{"use": "demonstration", "response": None, "text": "Encore !"}],
            },
            {
                **NO_WORD,
                "responses": [" Oui 😀\n"],
                "models": ["model-1"],
                "points": [
                    {"question": "overall", "response": None, "points": 3},
                    {"question": "quality", "response": 0, "points": 4},
                ],
                "reasons": [[]],
                "texts": [{"use": "rewrite", "response": 0, "text": "Oui, encore. 😀"}],
            },
            {**SAYS_NOTHING, **FOREIGN, "votes": [vote(0, 1, 0, "prefers", 1)]},
            {**SAYS_NOTHING, **FOREIGN, "votes": [vote(0, 1, None, "tie", 0)]},
        )
    ]
