"""What a record says, as a conversation: the shapes that are understood, and nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apps.prompts.parsing.excerpts import show_hidden
from apps.prompts.parsing.reasons import Reason, Unusable

Message = dict[str, str]
ROLES = ("system", "user", "assistant", "tool")
LATER_TURNS, MESSAGE_EXTRAS = "later_turns", "message_extras"
SHAPES = ("prompt", "messages", "turns")


OWN = frozenset({*SHAPES, "system"})


@dataclass(frozen=True, slots=True)
class Conversation:
    """`findings` tell what personal data was found and what was done; `is_held`: a person has to look."""

    messages: list[Message]
    metadata: dict[str, Any]
    language: str = ""
    tags: tuple[str, ...] = ()
    findings: tuple[dict[str, Any], ...] = ()
    is_held: bool = False


def read_conversation(fields: Mapping[str, Any]) -> Conversation:
    """Turn `prompt` (+ `system`), `messages` or MT-bench's `turns` into messages; the rest is metadata.

    An object under `metadata` is merged into the rest; where both have a key, the outer one holds.

    Raises:
        Unusable: with the first reason why it is no prompt.
    """
    own = {name: fields[name] for name in OWN & fields.keys() if fields[name] is not None}
    return build_conversation(own, {key: value for key, value in fields.items() if key not in OWN})


def build_conversation(own: Mapping[str, Any], rest: Mapping[str, Any]) -> Conversation:
    """Make a conversation of what stands under the names of `OWN`, with the rest as its metadata.

    Raises:
        Unusable: with the first reason why it is no prompt.
    """
    given = [shape for shape in SHAPES if shape in own]
    if not given:
        raise Unusable(Reason.NO_PROMPT)
    if len(given) > 1:
        raise Unusable(Reason.AMBIGUOUS, " and ".join(given))
    shape, value = given[0], own[given[0]]
    metadata = _merge_metadata(rest)
    if shape == "turns":
        messages, metadata = _read_turns(value, metadata)
    elif isinstance(value, list):
        messages, metadata = _read_messages(value, metadata)
    elif shape == "prompt":
        messages = [{"role": "user", "content": _check_text(value, "“prompt”")}]
    else:
        raise Unusable(Reason.NOT_MESSAGES)
    messages = [*_read_system(own.get("system")), *messages]
    _check_order([message["role"] for message in messages])
    return Conversation(messages, metadata)


def _merge_metadata(rest: Mapping[str, Any]) -> dict[str, Any]:
    inner = rest.get("metadata")
    if not isinstance(inner, dict):
        return dict(rest)
    return {**inner, **{key: value for key, value in rest.items() if key != "metadata"}}


def _read_system(system: Any) -> Iterable[Message]:
    if system is None or system == "":
        return []
    return [{"role": "system", "content": _check_text(system, "“system”")}]


def _read_turns(turns: Any, metadata: dict[str, Any]) -> tuple[list[Message], dict[str, Any]]:
    """MT-bench: the first turn is asked, the later ones are kept for whoever goes on."""
    if not isinstance(turns, list):
        raise Unusable(Reason.NOT_TEXT, "“turns” is no list")
    texts = [_check_text(turn, f"turn {number}") for number, turn in enumerate(turns, start=1)]
    if not texts:
        raise Unusable(Reason.EMPTY)
    later = {LATER_TURNS: texts[1:]} if texts[1:] else {}
    return [{"role": "user", "content": texts[0]}], {**metadata, **later}


def _read_messages(entries: list[Any], metadata: dict[str, Any]) -> tuple[list[Message], dict[str, Any]]:
    if not entries:
        raise Unusable(Reason.EMPTY, "no turns")
    messages = [_read_message(entry, number) for number, entry in enumerate(entries, start=1)]
    # Names, weights and the like stay, beside the messages: the conversation is roles and contents.
    extras = [{key: entry[key] for key in entry if key not in {"role", "content"}} for entry in entries]
    return messages, {**metadata, MESSAGE_EXTRAS: extras} if any(extras) else metadata


def _read_message(entry: Any, number: int) -> Message:
    if not isinstance(entry, dict) or "role" not in entry:
        raise Unusable(Reason.NOT_MESSAGES, f"turn {number}")
    role = entry["role"]
    if role not in ROLES:
        raise Unusable(Reason.UNKNOWN_ROLE, f"“{show_hidden(str(role))[:60]}”")
    return {"role": role, "content": _check_text(entry.get("content"), f"turn {number}")}


def _check_text(value: Any, place: str) -> str:
    if not isinstance(value, str):
        raise Unusable(Reason.NOT_TEXT, f"in {place}")
    if not value.strip():
        raise Unusable(Reason.EMPTY, f"in {place}")
    return value


def _check_order(roles: list[str]) -> None:
    if "system" in roles[1:]:
        raise Unusable(Reason.SYSTEM_PLACE)
    if "user" not in roles:
        raise Unusable(Reason.NO_USER_TURN)
    if roles[-1] == "assistant":
        raise Unusable(Reason.ENDS_ON_ASSISTANT)
