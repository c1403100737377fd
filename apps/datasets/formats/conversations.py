"""Which conversations have a place in formats that cannot hold every one."""

from apps.datasets.evidence import PromptFacts

PLAIN = frozenset({"system", "user", "assistant"})


def is_plain(prompt: PromptFacts) -> bool:
    """Without turns of tools, which OpenAI's files have only together with the call that they answer."""
    return PLAIN.issuperset(prompt.roles)


def is_single_turn(prompt: PromptFacts) -> bool:
    """One question, with or without a system turn before it."""
    return prompt.roles in (("user",), ("system", "user"))


def alternates(prompt: PromptFacts) -> bool:
    """Asked and answered in turn, from a question to a question, with or without a system turn before."""
    turns = prompt.roles[1:] if prompt.roles[:1] == ("system",) else prompt.roles
    return len(turns) % 2 == 1 and all(
        (role == "assistant") if place % 2 else (role in ("user", "tool")) for place, role in enumerate(turns)
    )
