"""What a model is sent for a prompt."""

from collections.abc import Sequence

from apps.generation.providers.base import Message


def build_messages(*, messages: Sequence[Message], system_prompt: str) -> tuple[Message, ...]:
    """The prompt's turns, with the configuration's system prompt before them.

    A system turn of the prompt belongs to the conversation that people will judge, so it is kept: the two
    become one turn, the configuration's part first, since many chat templates allow one system turn only.
    """
    if not system_prompt:
        return tuple(messages)
    first, rest = messages[0], tuple(messages[1:])
    if first["role"] != "system":
        return ({"role": "system", "content": system_prompt}, *messages)
    return ({"role": "system", "content": f"{system_prompt}\n\n{first['content']}"}, *rest)
