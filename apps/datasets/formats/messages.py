"""Chat messages as trainers want them: a role and a content, and no key besides."""

from apps.datasets.comparisons import Message, PromptRecord, ResponseRecord


def copy_prompt(prompt: PromptRecord) -> list[Message]:
    return [{"role": message["role"], "content": message["content"]} for message in prompt.messages]


def answer_with(response: ResponseRecord) -> Message:
    return {"role": "assistant", "content": response.text}
