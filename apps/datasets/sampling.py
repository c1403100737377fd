"""A few rows as they would leave. Few prompts are read for them, whatever the size of the project."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from apps.datasets.deciding.harvest import Harvest
from apps.datasets.deciding.reasons import Reason
from apps.datasets.evidence import Evidence
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Need
from apps.datasets.formats.material import Material
from apps.datasets.models import Recipe
from apps.datasets.plan import Plan, RemarkReader, make_materials, open_reader, prepare
from apps.datasets.reading.reader import Reader
from apps.datasets.recipes.document import RecipeDocument
from apps.projects.models import Project
from apps.prompts.models import Prompt
from apps.prompts.searching import find_saying

ROWS = 5  # shown at a time
FIRST_PART, PART = 40, 100  # prompts read at once; small, so that patience ends when it is over
PATIENCE = 0.4  # seconds to look for them
FOUND = 25  # prompts that a search shows rows of


@dataclass(frozen=True)
class Sample:
    """Prompts with rows, and their texts.

    Attributes:
        after: the last prompt that was looked at, from which the next five go on; 0 where there are no more.
        is_cut: whether looking ended because it took long, and not because there are enough or no more.
        losses: prompts that were searched for and give no such row, each with why, as far as items say.
    """

    materials: list[Material] = field(default_factory=list)
    after: int = 0
    is_cut: bool = False
    losses: list[Material] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """Where rows are taken from: a recipe over a project, with what its last count found out."""

    plan: Plan
    reader: Reader


def open_source(
    *, project: Project, document: RecipeDocument, recipe: Recipe | None, to_train: Iterable[str] = ()
) -> Source:
    """`to_train` are the clusters that a count found to train whatever their hash says."""
    plan = prepare(project, document, recipe=recipe)
    plan = replace(plan, splitter=replace(plan.splitter, to_train=frozenset(to_train)))
    return Source(plan, open_reader(plan, answers=True))


def sample_rows(source: Source, *, need: Need, after: int = 0) -> Sample:
    """The next five prompts behind `after` that make rows of this kind."""
    harvester = source.plan.harvester
    chosen: list[Harvest] = []
    walk = Walk(source.reader, after)
    for evidence in walk.iterate():
        harvest = harvester.harvest(evidence)
        if has_rows(harvest, need):
            chosen.append(harvest)
        if len(chosen) == ROWS:
            break
    return Sample(_add_texts(source, chosen), after=walk.next, is_cut=walk.is_cut)


def sample_losses(source: Source, *, reason: Reason, after: int = 0) -> Sample:
    """The next five prompts behind `after` with items that stay out for this reason."""
    harvester = source.plan.harvester
    chosen: list[Evidence] = []
    walk = Walk(source.reader, after)
    for evidence in walk.iterate():
        if reason in harvester.harvest(evidence).losses.values():
            chosen.append(evidence)
        if len(chosen) == ROWS:
            break
    return Sample(after=walk.next, is_cut=walk.is_cut, losses=show_all(source, chosen))


def find_rows(source: Source, *, need: Need, text: str) -> Sample:
    """Rows of the prompts that say this, and those of them that make none."""
    prompts = Prompt.objects.filter(project=source.plan.project)
    found = find_saying(prompts, text).order_by("-pk").values_list("pk", flat=True)[:FOUND]
    harvester = source.plan.harvester
    both = [(one, harvester.harvest(one)) for one in source.reader.read_prompts(list(found))]
    made = [harvest for _, harvest in both if has_rows(harvest, need)]
    without = [one for one, harvest in both if not has_rows(harvest, need)]
    return Sample(_add_texts(source, made), losses=show_all(source, without))


def show_all(source: Source, prompts: Sequence[Evidence]) -> list[Material]:
    """All items with an answer of these prompts, whatever the recipe leaves out, with their texts."""
    harvester = source.plan.harvester
    found = [(evidence, harvester.harvest(evidence)) for evidence in prompts]
    whole = [replace(harvest, items=tuple(i for i in one.items if i.ballots)) for one, harvest in found]
    conversations = source.reader.read_conversations([harvest.prompt.id for harvest in whole])
    responses = {one.id for harvest in whole for item in harvest.items for one in item.responses}
    texts = source.reader.read_texts(responses)
    remarks = RemarkReader(source.plan.rubrics)
    return [Material(harvest, *conversations[harvest.prompt.id], texts, remarks.read) for harvest in whole]


def _add_texts(source: Source, harvests: Sequence[Harvest]) -> list[Material]:
    return make_materials(source.plan, source.reader, harvests, RemarkReader(source.plan.rubrics))


def has_rows(harvest: Harvest, need: Need) -> bool:
    if harvest.split is None:
        return False
    made = {Need.PAIRS: harvest.pairs, Need.LESSONS: harvest.lessons, Need.LABELS: harvest.labels}
    return bool(made.get(need, harvest.items))


class Walk:
    """Prompts with answers behind `after`, until time is up.

    `next` is where to go on: behind the prompt that was given last, or behind all that were read in vain; 0
    once there are no more.
    """

    def __init__(self, reader: Reader, after: int) -> None:
        self._reader = reader
        self.next = after
        self.is_cut = False

    def iterate(self) -> Iterator[Evidence]:
        until = time.monotonic() + PATIENCE
        for prompts, part in self._read_parts():
            for evidence in part:
                self.next = evidence.prompt.id
                yield evidence
            self.next = prompts[-1]
            if time.monotonic() > until:
                self.is_cut = True
                return
        self.next = 0

    def _read_parts(self) -> Iterator[tuple[list[int], list[Evidence]]]:
        """A small part at first, since five rows are in it as a rule; larger ones where they are not."""
        for prompts, part in self._reader.iterate_parts(after=self.next, size=FIRST_PART):
            yield prompts, part
            break
        else:
            return
        yield from self._reader.iterate_parts(after=prompts[-1], size=PART)


def make_example(materials: Iterable[Material], format_name: str) -> dict[str, Any] | None:
    """The first row of a format among them."""
    made_by = FORMATS[format_name]
    for material in materials:
        if made_by.takes(material.harvest.prompt):
            for row in made_by.make_rows(material):
                return row
    return None
