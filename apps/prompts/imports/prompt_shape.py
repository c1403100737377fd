"""Plain prompts: a column that asks, and others that describe it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from apps.projects.models import Project
from apps.prompts.imports.columns import make_reader
from apps.prompts.imports.options import PROMPTS, ImportOptions
from apps.prompts.imports.shapes import Outline, Shape
from apps.prompts.insertion import insert_part
from apps.prompts.models import CurationSettings, PromptImport
from apps.prompts.parsing import Conversation, Fields
from apps.prompts.personal_data import Done, Policy, clean_conversation
from apps.prompts.report import note_metadata


class PromptShape(Shape[Conversation]):
    code = PROMPTS
    name = "prompts"
    explanation = "Each record is a prompt: a text, a conversation, or the turns of an MT-bench question."
    has_columns = True

    def recognise(self, rows: Sequence[Fields]) -> bool:
        return True

    def make_reader(self, report: PromptImport, options: ImportOptions) -> Callable[[Fields], Conversation]:
        read = make_reader(options.columns)
        clean = make_cleaner(report.project, options)
        return lambda fields: clean(read(fields))

    def store(self, report: PromptImport, values: Sequence[Conversation], options: ImportOptions) -> None:
        inserted = insert_part(report=report, conversations=values, status=options.arrives_as)
        report.added += len(inserted.added)
        report.known += inserted.known
        report.repeated += inserted.repeated
        note_findings(report, inserted.added)
        note_metadata(report, values)

    def outline(self, value: Conversation) -> Outline:
        return Outline(value.messages, value.metadata, value.language, value.tags)


def make_cleaner(project: Project, options: ImportOptions) -> Callable[[Conversation], Conversation]:
    """What looks for personal data in a conversation and does with it as the curator chose.

    Every shape sends its conversations through this before they are stored.
    """
    settings = CurationSettings.objects.filter(project=project).first() or CurationSettings()
    rules = settings.read_rules()
    policy = options.personal_data or Policy(settings.policy)

    def clean(conversation: Conversation) -> Conversation:
        cleaned = clean_conversation(conversation.messages, rules, policy, conversation.metadata)
        if not cleaned.findings:
            return conversation
        return replace(
            conversation,
            messages=cleaned.messages,
            metadata=cleaned.metadata,
            findings=tuple(cleaned.as_json()),
            is_held=cleaned.is_held,
        )

    return clean


def note_findings(report: PromptImport, added: Sequence[Conversation]) -> None:
    """Count what was held and what was masked. Does not save."""
    found = [conversation for conversation in added if conversation.findings]
    report.held += sum(conversation.is_held for conversation in found)
    report.masked += sum(
        any(finding["done"] == Done.MASKED for finding in conversation.findings) for conversation in found
    )
