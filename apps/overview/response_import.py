"""Files of ready-made responses: AlpacaEval's model outputs, and a plain shape of our own.

A record is `prompt` (or `messages`, or AlpacaEval's `instruction`), `response` (or `output`) and `model` (or
`generator`); what else it holds describes its prompt. Prompts are found by their digest, or added.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from apps.accounts.models import User
from apps.generation.models import Response, ResponseStatus
from apps.projects.models import Project
from apps.prompts.digest import digest_messages
from apps.prompts.importing import import_prompts, take_in
from apps.prompts.imports.options import ImportOptions
from apps.prompts.imports.prompt_shape import make_cleaner, note_findings
from apps.prompts.imports.shapes import Outline, Shape
from apps.prompts.imports.storage import Readable
from apps.prompts.imports.uploads import store_upload
from apps.prompts.insertion import add_prompts, find_prompts, key_by_digest
from apps.prompts.models import PromptImport
from apps.prompts.parsing import Conversation, Fields, Reason, Unusable, read_conversation
from apps.prompts.report import note_metadata

# The names that AlpacaEval uses, and ours.
ALIASES = {"instruction": "prompt", "output": "response", "generator": "model"}
OWN = ("response", "model", "finish_reason")
IMPORTED = "imported"


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
    project = report.project
    different = key_by_digest(answer.conversation for answer in answers)
    fresh = add_prompts(project=project, conversations=different, source=report, status=options.arrives_as)
    prompts_added = len(fresh)
    note_findings(report, [different[digest] for digest in fresh])
    prompt_ids = find_prompts(project=project, digests=different)
    added = _insert_responses(answers, prompt_ids)
    note_metadata(report, different.values())
    report.added += prompts_added
    report.known += len(different) - prompts_added
    report.responses_added = (report.responses_added or 0) + added
    report.responses_known = (report.responses_known or 0) + len(answers) - added


def _insert_responses(answers: Sequence[Answer], prompt_ids: Mapping[bytes, int]) -> int:
    """Add those that are not there yet; the constraint `response_imported_once` keeps the others out."""
    now = timezone.now()
    responses = [
        Response(
            prompt_id=prompt_ids[digest_messages(answer.conversation.messages)],
            status=ResponseStatus.DONE,
            text=answer.text,
            model=answer.model,
            finish_reason=answer.finish_reason,
            finished_at=now,
        )
        for answer in answers
    ]
    Response.objects.bulk_create(responses, ignore_conflicts=True)
    # A uid is there only if its row went in.
    return Response.objects.filter(uid__in=[response.uid for response in responses]).count()
