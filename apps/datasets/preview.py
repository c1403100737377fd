"""Everything that the recipe's page shows of what would leave."""

import json
from dataclasses import dataclass

from apps.datasets.charts.parts import Part, draw_parts
from apps.datasets.charts.shares import Estimate, draw_share
from apps.datasets.charts.waterfall import NARROW, WIDE, Step, Waterfall, draw_waterfall
from apps.datasets.checks import Check, list_checks
from apps.datasets.deciding.reasons import Reason
from apps.datasets.figures import Figures
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Need
from apps.datasets.headline import NOUNS, list_needs
from apps.datasets.models import Recipe, Split
from apps.datasets.recipes.document import RecipeDocument, Splits
from apps.datasets.sampling import Sample, find_rows, make_example, open_source, sample_losses, sample_rows
from apps.datasets.showing import Cells, show_losses, show_rows
from apps.datasets.wording import describe_reason
from apps.projects.models import Project
from apps.stats.intervals import wilson_interval

SPLIT_WIDTH = 284


@dataclass(frozen=True)
class Wanted:
    """Which rows are looked at: those behind a prompt, those that a search finds, or those that stay out."""

    need: Need
    after: int = 0
    text: str = ""
    reason: Reason | None = None


@dataclass(frozen=True)
class Rows:
    wanted: Wanted
    cells: list[Cells]
    losses: list[Cells]
    sample: Sample
    examples: list[tuple[str, str]]  # a format's title and a row as JSON
    kinds: list[tuple[Need, str]]  # kinds of rows to choose from


@dataclass(frozen=True)
class Picture:
    """What a count looks like."""

    steps: list[Step]
    waterfalls: list[Waterfall]
    longer: Estimate | None
    left: Estimate | None
    grades: list[Part]
    sources: list[Part]
    labels: list[Part]
    splits: list[Part]
    split_of: str  # the format whose rows these are
    formats: list[tuple[str, str, int, int]]  # name, title, rows, rows that have no place in it
    checks: list[Check]

    @property
    def problems(self) -> list[Check]:
        return [check for check in self.checks if check.problem]


def draw_picture(figures: Figures, recipe: RecipeDocument) -> Picture:
    steps = list_steps(figures, recipe) if Need.PAIRS in list_needs(recipe) else []
    different = figures.chosen_longer + figures.chosen_shorter
    first = max(recipe.formats, key=figures.count_rows)
    return Picture(
        steps=steps,
        waterfalls=[draw_waterfall(steps, frame) for frame in (WIDE, NARROW)] if steps else [],
        longer=_estimate(figures.chosen_longer, different),
        left=_estimate(figures.chosen_on_left, figures.shown),
        grades=draw_parts(figures.grades),
        sources=draw_parts([*figures.lessons.items()]),
        labels=draw_parts([(word, n) for word, n in (("good", figures.good), ("bad", figures.bad)) if n]),
        splits=_draw_splits(figures, first, recipe.splits),
        split_of=FORMATS[first].TITLE,
        formats=[
            (name, FORMATS[name].TITLE, figures.count_rows(name), figures.unfit.get(name, 0))
            for name in recipe.formats
        ],
        checks=list_checks(figures, recipe),
    )


def _draw_splits(figures: Figures, name: str, wanted: Splits) -> list[Part]:
    """Those with rows and those that the recipe asks for; none where nothing leaves."""
    splits = figures.rows.get(name, {})
    asked = {Split.TRAIN: 1.0, Split.VALIDATION: wanted.validation, Split.TEST: wanted.test}
    parts = [(str(split), splits.get(split, 0)) for split in Split if splits.get(split) or asked[split]]
    return draw_parts(parts, width=SPLIT_WIDTH) if any(splits.values()) else []


def list_steps(figures: Figures, recipe: RecipeDocument) -> list[Step]:
    """From the items with an answer to those that make pairs."""
    losses = []
    for reason in Reason:
        if count := figures.left_out.get(reason, 0):
            label, note = describe_reason(reason, recipe)
            losses.append(Step(label, count, note, code=str(reason)))
    last = Step("Pairs", figures.pairs, kind="end")
    if figures.pairs != figures.pair_items:
        pairs = f"{figures.pairs:,} pair{'' if figures.pairs == 1 else 's'}"
        last = Step("Items with pairs", figures.pair_items, f"they make {pairs}", kind="end")
    return [Step("Items with an answer", figures.answered, kind="start"), *losses, last]


def _estimate(hits: int, of: int) -> Estimate | None:
    return draw_share(wilson_interval(hits=hits, of=of)) if of else None


def list_rows(
    *, project: Project, document: RecipeDocument, recipe: Recipe | None, figures: Figures, wanted: Wanted
) -> Rows:
    """Read the few rows that are shown."""
    source = open_source(project=project, document=document, recipe=recipe, to_train=figures.to_train)
    if wanted.reason is not None:
        sample = sample_losses(source, reason=wanted.reason, after=wanted.after)
    elif wanted.text:
        sample = find_rows(source, need=wanted.need, text=wanted.text)
    else:
        sample = sample_rows(source, need=wanted.need, after=wanted.after)
    return Rows(
        wanted=wanted,
        cells=show_rows(sample.materials, wanted.need),
        losses=show_losses(sample.losses, document, wanted.reason),
        sample=sample,
        examples=_list_examples(sample, document),
        kinds=[(need, NOUNS[need][1]) for need in list_needs(document)],
    )


def _list_examples(sample: Sample, document: RecipeDocument) -> list[tuple[str, str]]:
    found = [(FORMATS[name].TITLE, make_example(sample.materials, name)) for name in document.formats]
    return [(title, json.dumps(row, ensure_ascii=False, indent=2)) for title, row in found if row is not None]
