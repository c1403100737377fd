"""What the columns of a file are: guessed from their names and first rows, and applied to every record."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from apps.prompts.imports.options import ASKED, Role
from apps.prompts.parsing import Conversation, Fields, Reason, Unusable, build_conversation

# What a name says by itself; the first name of a list that a file has is taken.
SAID = {role.value: role for role in (*ASKED, Role.SYSTEM, Role.CATEGORY, Role.LANGUAGE, Role.TAGS)}
GUESSES: dict[Role, tuple[str, ...]] = {
    Role.MESSAGES: ("conversation", "conversations", "chat", "dialog", "dialogue", "chat_messages"),
    Role.PROMPT: (
        "instruction", "question", "query", "user_prompt", "prompt_text", "input", "text", "request",
        "content",
    ),
    Role.SYSTEM: ("system_prompt", "system_message"),
    Role.CATEGORY: ("topic", "task", "domain", "subject"),
    Role.LANGUAGE: ("lang", "locale"),
    Role.TAGS: ("labels", "keywords"),
}  # fmt: skip
MOST_TAGS, TAG_LENGTH = 50, 60
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z]{2,8})*")


def guess_columns(rows: Sequence[Fields]) -> dict[str, Role]:
    """A role for each column of these rows; everything that nothing is known of is metadata."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    roles = {name: SAID.get(name, Role.METADATA) for name in names}
    for role, guesses in GUESSES.items():
        taken = role in roles.values() or (role in ASKED and any(known in ASKED for known in roles.values()))
        by_lower = {name.lower(): name for name in reversed(names) if roles[name] is Role.METADATA}
        for guess in () if taken else guesses:
            if guess in by_lower and _may_be(role, [row.get(by_lower[guess]) for row in rows]):
                roles[by_lower[guess]] = role
                break
    return roles


def _may_be(role: Role, values: Sequence[Any]) -> bool:
    """Whether the values are of the kind that the role takes."""
    said = [value for value in values if value not in (None, "")]
    if role is Role.MESSAGES:
        return bool(said) and all(_is_messages(value) for value in said)
    if role is Role.LANGUAGE:
        return bool(said) and all(read_language(value) for value in said)
    if role is Role.TAGS:
        return bool(said) and all(read_tags(value) is not None for value in said)
    return bool(said) and all(isinstance(value, str) for value in said)


def _is_messages(value: Any) -> bool:
    if isinstance(value, str):
        return value.lstrip().startswith('[{"role"')
    return isinstance(value, list) and all(isinstance(turn, dict) and "role" in turn for turn in value)


def make_reader(columns: Mapping[str, Role]) -> Callable[[Fields], Conversation]:
    """What makes a conversation of a record's fields by these roles, or raises `Unusable`."""
    roles = {**SAID, **columns}

    def read(fields: Fields) -> Conversation:
        own: dict[str, Any] = {}
        rest: dict[str, Any] = {}
        language = ""
        tags: tuple[str, ...] = ()
        for name, value in fields.items():
            role = roles.get(name, Role.METADATA)
            if role is Role.METADATA:
                rest[name] = value
            elif role is Role.CATEGORY and isinstance(value, str | int):
                rest["category"] = str(value).strip()
            elif role is Role.LANGUAGE and (found := read_language(value)):
                language = found
            elif role is Role.TAGS and (read := read_tags(value)) is not None:
                tags = read
            elif role in (Role.CATEGORY, Role.LANGUAGE, Role.TAGS):
                rest[name] = value
            elif role is not Role.LEAVE_OUT and value is not None:
                if role.value in own:
                    raise Unusable(Reason.AMBIGUOUS, f"“{role.value}” and “{name}”")
                own[role.value] = value
        conversation = build_conversation(own, rest)
        if not (language or tags):
            return conversation
        return Conversation(conversation.messages, conversation.metadata, language, tags)

    return read


def read_language(value: Any) -> str:
    """ISO 639, such as `en` of `en-GB`; empty where it is none."""
    match = _LANGUAGE.fullmatch(value.strip()) if isinstance(value, str) else None
    return match[1].lower() if match else ""


def read_tags(value: Any) -> tuple[str, ...] | None:
    """A list of short texts, or one text that commas part; None where it is neither."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return None
    tags = tuple(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))
    if len(tags) > MOST_TAGS or any(len(tag) > TAG_LENGTH for tag in tags):
        return None
    return tags
