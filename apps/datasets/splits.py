"""Which prompts train and which test: all rows of a prompt are on one side, now and in later exports.

A keyed hash of the prompt decides, so a new prompt moves no other. Where that would leave a format with
test rows alone, as happens to a handful of pairs, its prompts go to train, and are pinned there.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from apps.datasets.comparisons import PromptRecord
from apps.datasets.keys import hash_to_unit
from apps.datasets.models import PinnedSplit, Split
from apps.projects.models import Project

TEST_SHARE = 0.1


@dataclass
class Splitter:
    """Says each prompt's split. `pins` are the exceptions, by prompt id; `fresh` those not yet stored."""

    project: Project
    pins: dict[int, Split] = field(default_factory=dict)
    fresh: set[int] = field(default_factory=set)

    def find_split(self, prompt: PromptRecord) -> Split:
        pinned = self.pins.get(prompt.id)
        if pinned is not None:
            return pinned
        return Split.TEST if hash_to_unit(self.project, prompt.digest) < TEST_SHARE else Split.TRAIN

    def pin_to_train(self, prompts: Iterable[PromptRecord]) -> None:
        for prompt in prompts:
            self.pins[prompt.id] = Split.TRAIN
            self.fresh.add(prompt.id)


def load_splitter(project: Project) -> Splitter:
    pins = PinnedSplit.objects.filter(prompt__project=project).values_list("prompt_id", "split")
    return Splitter(project, {prompt_id: Split(split) for prompt_id, split in pins})


def plan_splits(
    project: Project, rows: Iterable[tuple[str, PromptRecord]], formats: Iterable[str]
) -> Splitter:
    """Find the splits under which every format that has rows has train rows.

    Args:
        rows: the format and the prompt of each row; read only until each format has one in train, which
            nearly always are the first few.
        formats: every format there is, also those not asked for: the splits are the same in all of them.
    """
    splitter = load_splitter(project)
    only_test: dict[str, dict[int, PromptRecord]] = {name: {} for name in formats}
    for name, prompt in rows:
        if name not in only_test:
            continue
        if splitter.find_split(prompt) == Split.TRAIN:
            del only_test[name]
            if not only_test:
                break
        else:
            only_test[name][prompt.id] = prompt
    for prompts in only_test.values():
        splitter.pin_to_train(prompts.values())
    return splitter


def store_pins(splitter: Splitter) -> None:
    """Keep the exceptions, so that a later export moves none of them."""
    PinnedSplit.objects.bulk_create(
        [PinnedSplit(prompt_id=pk, split=splitter.pins[pk]) for pk in sorted(splitter.fresh)],
        ignore_conflicts=True,
    )
