"""Files of ready-made responses: AlpacaEval's model outputs, and a plain shape of our own.

A record is `prompt` (or `messages`, or AlpacaEval's `instruction`), `response` (or `output`) and `model` (or
`generator`); what else it holds describes its prompt. Prompts are found by their digest, or added.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from apps.accounts.models import User
from apps.overview.shapes.cases import IMPORTED, Case, Reply, store_cases
from apps.projects.models import Project
from apps.prompts.importing import import_prompts, take_in
from apps.prompts.imports.options import ImportOptions
from apps.prompts.imports.prompt_shape import make_cleaner
from apps.prompts.imports.shapes import Outline, Shape
from apps.prompts.imports.storage import Readable
from apps.prompts.imports.uploads import store_upload
from apps.prompts.models import PromptImport
from apps.prompts.parsing import Conversation, Fields, Reason, Unusable, read_conversation

# The names that AlpacaEval uses, and ours.
ALIASES = {"instruction": "prompt", "output": "response", "generator": "model"}
OWN = ("response", "model", "finish_reason")


@dataclass(frozen=True, slots=True)
class Answer:
    conversation: Conversation
    text: str
    model: str
    finish_reason: str


class ResponseShape(Shape[Answer]):
    """Ready-made responses with their prompts."""

    code = "responses"
    name = "responses"
    explanation = "Each record is a prompt with a response and the model that wrote it."

    def recognise(self, rows: Sequence[Fields]) -> bool:
        names = [{ALIASES.get(name, name) for name in row} for row in rows]
        return all({"response", "model"} <= own and {"prompt", "messages"} & own for own in names)

    def make_reader(self, report: PromptImport, options: ImportOptions) -> Callable[[Fields], Answer]:
        clean = make_cleaner(report.project, options)

        def read(fields: Fields) -> Answer:
            answer = read_answer(fields)
            return replace(answer, conversation=clean(answer.conversation))

        return read

    def store(self, report: PromptImport, values: Sequence[Answer], options: ImportOptions) -> None:
        _store_answers(report, values, options)

    def outline(self, value: Answer) -> Outline:
        told = value.conversation
        return Outline(
            [*told.messages, {"role": "assistant", "content": value.text}],
            told.metadata,
            notes=[f"A response of {value.model}"],
        )


def store_responses(*, project: Project, file: Readable, file_name: str, user: User) -> PromptImport:
    """Take a file of responses in as the page does: a small one at once, a big one in the background.

    Raises:
        UnknownFormatError: it is of a kind that is not read; nothing is stored.
    """
    options = ImportOptions(shape=ResponseShape.code, starts_by_itself=True)
    report = store_upload(project=project, file=file, file_name=file_name, user=user, options=options)
    take_in(report=report, user=user)
    return report


def import_responses(
    *, project: Project, file: Readable, file_name: str, user: User | None = None
) -> PromptImport:
    """Import a file of responses here and now. Importing it again adds nothing.

    Raises:
        UnknownFormatError: it is of a kind that is not read; nothing was imported.
    """
    options = ImportOptions(shape=ResponseShape.code)
    return import_prompts(project=project, file=file, file_name=file_name, user=user, options=options)


def read_answer(fields: Mapping[str, Any]) -> Answer:
    """Make an answer of a record.

    Raises:
        Unusable: with the first reason why it is none.
    """
    known = {own: fields[own] for own in fields if own not in ALIASES}
    for alias, own in ALIASES.items():
        if alias in fields:
            known.setdefault(own, fields[alias])
    text, model = known.get("response"), known.get("model")
    if not isinstance(text, str) or not text.strip():
        raise Unusable(Reason.NO_RESPONSE)
    if not isinstance(model, str) or not model.strip() or len(model) > 300:
        raise Unusable(Reason.NO_MODEL)
    reason = known.get("finish_reason")
    finish_reason = reason if isinstance(reason, str) and 0 < len(reason) <= 20 else IMPORTED
    conversation = read_conversation({key: value for key, value in known.items() if key not in OWN})
    return Answer(conversation, text, model.strip(), finish_reason)


def _store_answers(report: PromptImport, answers: Sequence[Answer], options: ImportOptions) -> None:
    cases = [
        Case(answer.conversation, [Reply(answer.model, answer.text, answer.finish_reason)])
        for answer in answers
    ]
    store_cases(report, cases, options)
