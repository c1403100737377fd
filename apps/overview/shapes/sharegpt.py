"""ShareGPT: conversations whose turns say whom they are from. The last answer is a response."""

from typing import Any

from apps.overview.shapes.base import Cases, CaseShape
from apps.overview.shapes.cases import Case, Reply
from apps.prompts.parsing import Fields, Reason, Unusable, build_conversation

TURNS = "conversations"
ROLES = {
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "assistant": "assistant",
    "model": "assistant",
    "function_call": "assistant",
    "system": "system",
    "tool": "tool",
    "function_response": "tool",
    "observation": "tool",
}
NAMELESS = "unknown (ShareGPT)"


class ShareGPTShape(CaseShape):
    code = "sharegpt"
    name = "ShareGPT conversations"
    explanation = (
        "Each record is a conversation of turns “from” somebody. What stands before the last answer becomes "
        "the prompt, and that answer an imported response."
    )
    judges = False

    def fits(self, row: Fields) -> bool:
        return _is_turns(row.get(TURNS))

    def read(self, fields: Fields) -> Cases:
        if not _is_turns(fields.get(TURNS)):
            raise Unusable(Reason.NOT_MESSAGES, "“conversations” is no list of turns “from” somebody")
        messages = [_read_turn(turn) for turn in fields[TURNS]]
        rest = {key: value for key, value in fields.items() if key != TURNS}
        replies: list[Reply] = []
        if messages[-1]["role"] == "assistant" and isinstance(answer := messages.pop()["content"], str):
            model = fields.get("model")
            named = isinstance(model, str) and 0 < len(model.strip()) <= 300
            replies = [Reply(str(model).strip() if named else NAMELESS, answer)] if answer.strip() else []
        return [Case(build_conversation({"messages": messages}, rest), replies)]


def _is_turns(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(turn, dict) and "from" in turn and "value" in turn for turn in value)
    )


def _read_turn(turn: dict[str, Any]) -> dict[str, Any]:
    said = str(turn["from"]).lower()
    return {"role": ROLES.get(said, said), "content": turn["value"]}
