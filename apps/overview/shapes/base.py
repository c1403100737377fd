"""What the shapes of such files share: a record is some cases, and they are stored in one way."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain

from apps.core.words import count, start_sentence
from apps.overview.shapes.cases import Case, store_cases
from apps.projects.models import Project
from apps.prompts.imports.options import ImportOptions
from apps.prompts.imports.prompt_shape import make_cleaner
from apps.prompts.imports.shapes import Outline, Shape
from apps.prompts.models import PromptImport
from apps.prompts.parsing import Fields
from apps.rating.foreign import find_comparing

Cases = Sequence[Case]
NOTHING_COMPARES = (
    "The rubric of this project has no question that compares responses, so what these records say of which "
    "response is better cannot be kept. Prompts and responses come in. To keep the rest, too, publish a "
    "rubric with a preference or a ranking first, and import the file after that."
)


class CaseShape(Shape[Cases]):
    """`judges` says whether its records hold verdicts."""

    asks_first = True
    judges = True

    @abstractmethod
    def fits(self, row: Fields) -> bool:
        """Whether a record is of this shape, by what it has and not by what that says."""

    def recognise(self, rows: Sequence[Fields]) -> bool:
        """Half of the records are enough: one that is broken makes no other file of it."""
        return 2 * sum(self.fits(row) for row in rows) >= len(rows)

    @abstractmethod
    def read(self, fields: Fields) -> Cases:
        """The cases of a record, at least one.

        Raises:
            Unusable: with the first reason why there is none.
        """

    def make_reader(self, report: PromptImport, options: ImportOptions) -> Callable[[Fields], Cases]:
        clean = make_cleaner(report.project, options)

        def read(fields: Fields) -> Cases:
            return [replace(case, conversation=clean(case.conversation)) for case in self.read(fields)]

        return read

    def store(self, report: PromptImport, values: Sequence[Cases], options: ImportOptions) -> None:
        store_cases(report, list(chain.from_iterable(values)), options)

    def warn(self, project: Project) -> str:
        if not self.judges or find_comparing(project.rubric.questions):
            return ""
        return NOTHING_COMPARES

    def outline(self, value: Cases) -> Outline:
        first = value[0]
        told = first.conversation
        replies = [{"role": "response", "content": reply.text} for reply in first.replies if reply.text]
        return Outline(
            [*told.messages, *replies], told.metadata, told.language, told.tags, [self._summarise(value)]
        )

    def _summarise(self, value: Cases) -> str:
        replies = [reply for case in value for reply in case.replies]
        there = "" if all(reply.text for reply in replies) else " without their texts"
        parts = [count(len(value), "prompt"), count(len(replies), "response") + there]
        verdicts = [verdict for case in value for verdict in case.verdicts]
        if verdicts:
            kind = "machine judgement" if all(one.is_machine for one in verdicts) else "judgement"
            who = " and ".join(sorted({verdict.annotator for verdict in verdicts}))
            parts.append(f"{count(len(verdicts), kind)} by {who}")
        return start_sentence(", ".join(parts))
