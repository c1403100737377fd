"""A project's evidence, a part of its prompts at a time: memory does not grow with their number."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from apps.datasets.evidence import Evidence, ItemFacts, Message, ResponseFacts, ResponseText
from apps.datasets.keys import Pseudonyms
from apps.datasets.overlap.late import LateCheck
from apps.datasets.reading import statements
from apps.datasets.reading.ballots import BallotReader
from apps.datasets.reading.prompts import PromptReader
from apps.datasets.reading.queries import Queries, Rows
from apps.datasets.reading.values import read_key, sort_sampling
from apps.projects.models import Project

PART = 300  # prompts read at once


class Reader:
    """Reads a project for one recipe.

    Args:
        held_out: the row of the list that prompts are compared with, if any.
        held_out_words: so many in a row are too much in common with a text of it.
        answers: whether ballots carry the stored answers, for rows that have all of them.
        quoted: keys of questions whose answers they carry anyway.
        late: compares prompts that came in since the list was; without it these are in nobody's way.
    """

    def __init__(
        self,
        project: Project,
        pseudonyms: Pseudonyms,
        *,
        held_out: int | None = None,
        held_out_words: int = 0,
        answers: bool = False,
        quoted: Sequence[str] = (),
        late: LateCheck | None = None,
    ) -> None:
        queries = Queries(
            project=project.pk,
            held_out=held_out,
            held_out_words=held_out_words,
            answers=answers,
            quoted=list(quoted),
        )
        self._run = queries.run
        self._rubrics = dict(project.rubrics.values_list("pk", "version"))
        self._prompts = PromptReader(queries, late)
        self._ballots = BallotReader(queries, pseudonyms, self._rubrics)

    def iterate(self) -> Iterator[list[Evidence]]:
        """Part after part, in the order of the prompts; prompts without any answer are left out of them."""
        for _, evidence in self.iterate_parts():
            yield evidence

    def iterate_parts(
        self, *, after: int = 0, size: int = PART
    ) -> Iterator[tuple[list[int], list[Evidence]]]:
        """From the prompt behind `after` on, each part with the rows of all prompts that it went through."""
        while prompts := self._run(statements.PROMPTS, after=after, limit=size, only=None):
            after = prompts[-1][0]
            yield [row[0] for row in prompts], self._gather(prompts)

    def read_prompts(self, prompts: Sequence[int]) -> list[Evidence]:
        """These few alone."""
        return self._gather(self._run(statements.PROMPTS, after=0, limit=len(prompts), only=list(prompts)))

    def read_conversations(self, prompts: Sequence[int]) -> dict[int, tuple[list[Message], str]]:
        """Messages, and metadata as JSON, by prompt."""
        return self._prompts.read_conversations(prompts)

    def read_texts(self, responses: Iterable[int]) -> dict[int, ResponseText]:
        rows = self._run(statements.TEXTS, responses=list(responses))
        return {
            pk: ResponseText(text, model, revision, sort_sampling(sampling), *rest)
            for pk, text, model, revision, sampling, *rest in rows
        }

    def _gather(self, prompts: Rows) -> list[Evidence]:
        known = [row[0] for row in prompts]
        rows = self._run(statements.ITEMS, prompts=known)
        items = [row[1] for row in rows]
        if not items:
            return []
        responses = {row[0]: ResponseFacts(*row) for row in self._run(statements.RESPONSES, prompts=known)}
        keys = {row[1]: read_key(row[7]) for row in rows}
        ballots = self._ballots.read(items, keys)
        by_prompt: dict[int, list[ItemFacts]] = defaultdict(list)
        for prompt, pk, uid, kind, rubric, overlap, counted, _ in rows:
            found = tuple([responses[response] for response in keys[pk]])
            version = self._rubrics[rubric]
            by_prompt[prompt].append(
                ItemFacts(pk, uid, kind, version, overlap, counted, found, tuple(ballots[pk]))
            )
        facts = self._prompts.read(prompts, by_prompt.keys())
        return [Evidence(one, tuple(by_prompt[one.id])) for one in facts]
