"""No kind of rows that has test rows alone, as the hash would give a handful of prompts."""

from dataclasses import replace

from apps.datasets.deciding.harvest import Harvest, Harvester
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Need
from apps.datasets.models import Split
from apps.datasets.plan import Plan, open_reader
from apps.datasets.tally import count_rows

LOOKED_AT = 3_000  # prompts; in so many that give rows, chance leaves nothing to train on no more


def keep_some_to_train(plan: Plan) -> Plan:
    """The plan under which every format that has rows has some to train on, or would have.

    Formats that the recipe leaves out are looked at too, so that they find splits that do for them once
    these are frozen. It reads until each has a row to train on, nearly always the first few prompts, and at
    most `LOOKED_AT`. Call it inside the moment that rows are made of.
    """
    harvester = _harvest_everything(plan)
    lacking: dict[str, set[str]] = {name: set() for name in FORMATS}
    seen = 0
    for prompts, part in open_reader(plan).iterate_parts():
        for evidence in part:
            _look(harvester.harvest(evidence), lacking)
        seen += len(prompts)
        if not lacking or seen >= LOOKED_AT:
            break
    clusters = frozenset().union(*lacking.values())
    return replace(plan, splitter=replace(plan.splitter, to_train=clusters)) if clusters else plan


def _harvest_everything(plan: Plan) -> Harvester:
    return replace(plan, needs=frozenset(Need)).harvester


def _look(harvest: Harvest, lacking: dict[str, set[str]]) -> None:
    if harvest.split is None:
        return
    for name in list(lacking):
        one = FORMATS[name]
        if not one.takes(harvest.prompt) or not count_rows(harvest, one.NEED):
            continue
        if harvest.split == Split.TRAIN:
            del lacking[name]
        else:
            lacking[name].add(harvest.prompt.cluster)
