"""What votes are about: questions that are known by number, and whose text another file may have brought."""

from collections.abc import Mapping, Sequence
from typing import Any

from apps.projects.models import Project
from apps.prompts.digest import digest_messages
from apps.prompts.insertion import find_prompts
from apps.prompts.models import Prompt
from apps.prompts.parsing import Conversation
from apps.prompts.parsing.conversation import LATER_TURNS

Questions = Mapping[tuple[Any, int], Conversation]  # by id and turn


def make_placeholder(question: int | str, turn: int) -> Conversation:
    """Stands for a question whose text did not come with the votes."""
    words = f"MT-bench question {question}, turn {turn}. Its text did not come with the votes."
    return Conversation([{"role": "user", "content": words}], {"question_id": question, "turn": turn})


def find_questions(project: Project, placeholders: Sequence[Conversation]) -> Questions:
    """The texts of those that the project has as prompts.

    Not of those whose placeholder is there: the votes before are kept under it, and would come in again.
    """
    wanted = {digest_messages(one.messages): one.metadata for one in placeholders}
    there = find_prompts(project=project, digests=wanted)
    missing = [metadata for digest, metadata in wanted.items() if digest not in there]
    ids = {metadata["question_id"] for metadata in missing}
    known: dict[Any, Prompt] = {}
    named = Prompt.objects.filter(project=project, metadata__question_id__in=list(ids))
    for prompt in named.filter(metadata__has_key=LATER_TURNS).order_by("-pk"):
        known[prompt.metadata["question_id"]] = prompt
    return {
        (one["question_id"], one["turn"]): _take_turn(known[one["question_id"]], one)
        for one in missing
        if one["question_id"] in known
    }


def _take_turn(prompt: Prompt, metadata: dict[str, Any]) -> Conversation:
    """The first turn is the prompt itself. Of the second, what was asked: the answers between differ."""
    if metadata["turn"] == 1:
        return Conversation(prompt.messages, prompt.metadata)
    later = {"role": "user", "content": prompt.metadata[LATER_TURNS][0]}
    kept = {key: value for key, value in prompt.metadata.items() if key != LATER_TURNS}
    return Conversation([*prompt.messages, later], {**kept, **metadata})
