"""What another version of a rubric changes, in words."""

from apps.core.words import start_sentence
from apps.projects.questions.base import Question
from apps.projects.rubrics import RubricDocument


def describe_changes(before: RubricDocument, after: RubricDocument) -> list[str]:
    """A sentence for each question that comes, goes or changes, and for the size of items."""
    old = {question.key: question for question in before.questions}
    new = {question.key: question for question in after.questions}
    said = []
    if before.responses != after.responses:
        said.append(f"Items have another number of responses: {after.responses}, and not {before.responses}.")
    said += [f"“{new[key].title}” is a new question." for key in new if key not in old]
    said += [f"“{old[key].title}” is not asked any more." for key in old if key not in new]
    for key, question in new.items():
        if key in old and (settings := _list_changed(old[key], question)):
            said.append(f"“{question.title}” changes: {', '.join(settings)}.")
    stayed = [key for key in old if key in new]
    if stayed != [key for key in new if key in old]:
        said.append("The questions come in another order.")
    return [start_sentence(one) for one in said]


def _list_changed(before: Question, after: Question) -> list[str]:
    old, new = before.model_dump(), after.model_dump()
    changed = [name for name in new if old.get(name) != new[name]]
    return ["condition" if name == "show_if" else name.replace("_", " ") for name in changed]
