"""Why a line was left out: a stable code for programs, and words for people."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    ENCODING = "encoding"
    HALF_CHARACTER = "half_character"
    NUL = "nul"
    TOO_LARGE = "too_large"
    BLANK = "blank"
    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    TOO_DEEP = "too_deep"
    NUMBER = "number"
    NO_PROMPT = "no_prompt"
    AMBIGUOUS = "ambiguous"
    NOT_TEXT = "not_text"
    EMPTY = "empty"
    NOT_MESSAGES = "not_messages"
    UNKNOWN_ROLE = "unknown_role"
    SYSTEM_PLACE = "system_place"
    NO_USER_TURN = "no_user_turn"
    ENDS_ON_ASSISTANT = "ends_on_assistant"
    CSV_QUOTES = "csv_quotes"
    CSV_CELLS = "csv_cells"
    CSV_HEADER = "csv_header"
    NO_RESPONSE = "no_response"
    NO_MODEL = "no_model"
    NOT_A_TREE = "not_a_tree"
    NOT_A_VOTE = "not_a_vote"
    NOT_TRANSCRIPTS = "not_transcripts"

    @property
    def why(self) -> str:
        """Heads a row of the report."""
        return _WORDS[self][0]

    @property
    def advice(self) -> str:
        """What would make the line usable."""
        return _WORDS[self][1]


R = Reason
_WORDS = {
    R.ENCODING: ("Not UTF-8", "Save the file as UTF-8 and import it again."),
    R.HALF_CHARACTER: (
        "Half of a character",
        "An escape such as \\ud83d is half of a pair; write both halves, or the character itself.",
    ),
    R.NUL: ("Contains a NUL character", "Remove the NUL characters; a database cannot keep them."),
    R.TOO_LARGE: ("Over the size limit", "Shorten it; a line has at most 200,000 bytes."),
    R.BLANK: ("Empty line", "Nothing to do, unless something is missing here."),
    R.NOT_JSON: ("Not JSON", 'Each line has to be one whole JSON object, such as {"prompt": "…"}.'),
    R.NOT_AN_OBJECT: ("Not a JSON object", 'Write {"prompt": …} instead of a bare value.'),
    R.TOO_DEEP: ("Nested too deeply", "Metadata may be nested 32 levels deep."),
    R.NUMBER: ("A number that cannot be kept", "Numbers have to fit 64 bits; write others as text."),
    R.NO_PROMPT: ("No prompt", "Give it a “prompt”, “messages” or “turns”."),
    R.AMBIGUOUS: ("Two prompts in one", "Keep one of “prompt”, “messages” and “turns”."),
    R.NOT_TEXT: ("A prompt that is not text", "Prompts and contents have to be text."),
    R.EMPTY: ("Empty prompt", "Every prompt and every turn needs some text."),
    R.NOT_MESSAGES: ("Not a list of messages", 'Each message is {"role": …, "content": …}.'),
    R.UNKNOWN_ROLE: ("Unknown role", "Roles are system, user, assistant and tool."),
    R.SYSTEM_PLACE: ("System turn in the wrong place", "One system turn at most, as the first."),
    R.NO_USER_TURN: ("No user turn", "A prompt needs somebody who asks."),
    R.ENDS_ON_ASSISTANT: (
        "Ends on an assistant turn",
        "The last turn has to be the user's (or a tool's): the answer is what is asked for.",
    ),
    R.CSV_QUOTES: ("Broken quotation marks", 'Close each quoted cell; write " inside it twice.'),
    R.CSV_CELLS: ("More cells than columns", "Quote cells that contain the separator."),
    R.CSV_HEADER: (
        "No usable header",
        "The first line has to name the columns, one of them “prompt”, “messages” or “turns”, each once.",
    ),
    R.NO_RESPONSE: ("No response", "Give it a “response” (or an “output”) with some text."),
    R.NO_MODEL: ("No model", "Say in “model” (or “generator”) who wrote it, in 300 characters."),
    R.NOT_A_TREE: ("Not a conversation tree", "A tree needs a “prompt” with a text and its replies."),
    R.NOT_A_VOTE: (
        "Not a vote",
        "A vote needs question_id, turn, judge, two different models, and a winner: model_a, model_b or tie.",
    ),
    R.NOT_TRANSCRIPTS: (
        "Not two transcripts",
        "Both have to be turns of “Human:” and “Assistant:” that differ in the last answer alone.",
    ),
}


def find_reason(code: str) -> Reason | None:
    """The reason with this code; None for one of another version."""
    return next((reason for reason in Reason if reason.value == code), None)


class Unusable(Exception):  # noqa: N818 — never leaves the parsers; a rejection is what people see
    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason.why, detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Rejection:
    """Lines `line` to `last` of a file were left out."""

    line: int
    last: int
    reason: Reason
    detail: str
    excerpt: str
