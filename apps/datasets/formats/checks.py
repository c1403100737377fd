"""What formats ask of their own rows.

Every row of a dataset is looked at, so what is right is recognised first, and only what is not is explained.
"""

from collections.abc import Iterable, Iterator
from typing import Any

Row = dict[str, Any]

ROLES = frozenset({"system", "developer", "user", "assistant", "tool"})
ASKING = frozenset({"user", "tool"})
ANSWERING = frozenset({"assistant"})


def check_prompt(messages: Any) -> Iterable[str]:
    """Messages with texts, the last of them a user's or a tool's."""
    if _are_messages(messages) and messages[-1]["role"] in ASKING:
        return ()
    return explain_messages(messages) or ["does not end with a user or tool turn"]


def check_reply(messages: Any) -> Iterable[str]:
    """Exactly one assistant message, with a text."""
    if type(messages) is list and len(messages) == 1 and _is_message(messages[0], ANSWERING):
        return ()
    return explain_messages(messages) or ["is not exactly one assistant message"]


def check_answer(message: Any) -> Iterable[str]:
    """An assistant message by itself."""
    return check_reply([message])


def check_conversation(messages: Any) -> Iterable[str]:
    """A prompt with one answer to it at its end."""
    if _are_messages(messages) and len(messages) > 1:
        before, last = messages[-2:]
        if before["role"] in ASKING and last["role"] == "assistant":
            return ()
    return explain_messages(messages) or _explain_conversation(messages)


def check_text(text: Any) -> Iterable[str]:
    """A text that says something."""
    return () if isinstance(text, str) and text and not text.isspace() else ["has no text"]


def check_any_text(text: Any) -> Iterable[str]:
    """A text, which may be empty."""
    return () if isinstance(text, str) else ["is not a text"]


def check_texts(texts: Any) -> Iterable[str]:
    """A list of texts, which may be empty."""
    return () if all(isinstance(text, str) for text in texts) else ["has something else than texts"]


def check_bool(value: Any) -> Iterable[str]:
    """True or false: KTO's trainer stumbles over anything that only counts as such."""
    return () if value is True or value is False else ["is neither true nor false"]


def _are_messages(messages: Any) -> bool:
    if type(messages) is not list or not messages:
        return False
    return not [message for message in messages if not _is_message(message, ROLES)]


def _is_message(message: Any, roles: frozenset[str]) -> bool:
    if type(message) is not dict or len(message) != 2 or message.get("role") not in roles:
        return False
    content = message.get("content")
    return type(content) is str and content != "" and not content.isspace()


def explain_messages(messages: Any) -> list[str]:
    """What keeps these from being messages with texts, each thing once."""
    if not isinstance(messages, list):
        return ["is not a list of messages"]
    return list(dict.fromkeys(_explain_each(messages))) if messages else ["is empty"]


def _explain_each(messages: list[Any]) -> Iterator[str]:
    for message in messages:
        if not isinstance(message, dict) or message.keys() != {"role", "content"}:
            yield "has a message that is not just a role and a content"
        elif message["role"] not in ROLES or not isinstance(message["content"], str):
            yield "has a message without a known role or a text"
        elif not message["content"].strip():
            yield "has no text" if len(messages) == 1 else "has a message without a text"


def _explain_conversation(messages: list[Row]) -> list[str]:
    if messages[-1]["role"] != "assistant":
        return ["does not end with an assistant turn"]
    return ["has a last answer that follows no user or tool turn"]


def check_same_prompt(row: Row) -> Iterable[str]:
    """Both conversations are the same up to their last message."""
    if row["chosen"][:-1] == row["rejected"][:-1]:
        return ()
    return ["chosen and rejected do not answer the same prompt"]
