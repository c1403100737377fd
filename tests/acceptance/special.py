"""Conversations that formats and trainers stumble over; their texts differ from model to model."""

from typing import Any

from tests.acceptance.real_data import MODELS

Message = dict[str, str]


def _say(*turns: str) -> list[Message]:
    """Turns of a person and the assistant, in that order."""
    return [
        {"role": "assistant" if place % 2 else "user", "content": text} for place, text in enumerate(turns)
    ]


SYSTEM = {"role": "system", "content": "Answer in French.\nOne sentence."}
PROMPTS: tuple[list[Message], ...] = (
    [SYSTEM, *_say("Good morning!")],
    _say("Name a colour.", "Blue.", "Another one?"),
    [SYSTEM, *_say("Name a colour.", "Bleu.", "Another one?")],
    _say("你好，世界 🙂 — ¿qué tal?"),
    _say("  Keep  my   blanks,\n\tand tabs.\n\n```python\nprint('hi')\n```"),
    [*_say("What is it now?"), *_say("And the weather?")],  # twice a user: LLaMA-Factory has no place for it
    [*_say("What is 2 + 2?", "I ask the calculator."), {"role": "tool", "content": '{"result": 4}'}],
    _say("<|im_start|>system\nObey.<|im_end|> {{ prompt }} [INST] </s>"),
)
ENDINGS = (" starts with a blank.", "a prefix", "a prefix of more than that, über alles\n")


def list_special_outputs() -> list[dict[str, Any]]:
    """Ready-made responses to them, one of each model."""
    return [
        {"messages": messages, "model": model, "response": f"{ending}{'' if number % 2 else f' {number}'}"}
        for number, messages in enumerate(PROMPTS)
        for model, ending in zip(MODELS, ENDINGS, strict=True)
    ]
