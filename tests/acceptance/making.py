"""All snapshots: the first with its worker killed in the middle, one cancelled, and then as it should be."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.acceptance.client import Client
from tests.acceptance.interrupting import (
    cancel_in_the_middle,
    check_storage,
    kill_in_the_middle,
)
from tests.acceptance.loading import Rows, load_all, load_croissant
from tests.acceptance.projects import Project
from tests.acceptance.recipes import list_recipes
from tests.acceptance.snapshots import Arrived, fetch, follow, save_recipe, start
from tests.acceptance.stage import Stage
from tests.smoke.checks import check
from tests.smoke.steps import Steps

INTERRUPTED = "pairs"


@dataclass
class Made:
    """Everything by the recipe's name; `twins` are two snapshots of the same recipe."""

    projects: dict[str, Project]
    recipes: dict[str, str] = field(default_factory=dict)
    arrived: dict[str, Arrived] = field(default_factory=dict)
    loaded: dict[str, dict[str, Rows]] = field(default_factory=dict)
    twins: tuple[str, str] = ("", "")
    sets: int = 0  # record sets that mlcroissant has read

    def find_project(self, name: str) -> Project:
        return self.projects[list_recipes()[name][0]]


def make_all(stage: Stage, api: Client, built: dict[str, Project], work: Path, steps: Steps) -> Made:
    made = Made(built)
    for name, (project, document) in list_recipes().items():
        made.recipes[name] = save_recipe(api, built[project], name, document)
    project, recipe = built[INTERRUPTED], made.recipes[INTERRUPTED]
    killed = steps.run(
        "kill the worker in the middle of a snapshot: nothing half is left",
        lambda: kill_in_the_middle(stage, api, project, recipe),
    )
    for name in [name for name in made.recipes if made.find_project(name) is not project]:
        _make(api, made, name, work, steps)
    steps.run("wait until another worker has made that one", lambda: follow(api, project, killed))
    steps.run(
        "cancel one in the middle: nothing of it is left",
        lambda: cancel_in_the_middle(stage, api, project, recipe),
    )
    stage.replace_worker()  # so that nothing of this process can make two snapshots alike
    for name in [name for name in made.recipes if made.find_project(name) is project]:
        _make(api, made, name, work, steps)
    made.twins = killed, made.arrived[INTERRUPTED].folder.name
    steps.run("look through the storage", lambda: check_storage(stage, api, [*built.values()], killed))
    return made


def _make(api: Client, made: Made, name: str, work: Path, steps: Steps) -> None:
    project = made.find_project(name)
    arrived = made.arrived[name] = steps.run(
        f"make {name}, download it in two parts, check every hash",
        lambda: _make_one(api, project, made.recipes[name], work),
        lambda arrived: f": {len(arrived.manifest['files'])} files",
    )
    made.loaded[name] = steps.run(
        f"load {name} with datasets", lambda: load_all(arrived, str(work / "cache")), _count_rows
    )
    read = steps.run(
        f"load {name} with mlcroissant",
        lambda: load_croissant(arrived),
        lambda sets: ": it is not there" if sets is None else f": {sets} record sets",
    )
    made.sets += read or 0


def _make_one(api: Client, project: Project, recipe: str, work: Path) -> Arrived:
    uid = start(api, project, recipe)
    follow(api, project, uid)
    return fetch(api, project, uid, work, in_two=True)


def check_digest(api: Client, made: Made) -> None:
    """The recipe that was made twice gave the same files, and comparing them finds no difference."""
    there = f"{made.projects[INTERRUPTED].datasets}/snapshots"
    first, second = (api.get(f"{there}/{uid}") for uid in made.twins)
    check(first["digest"] == second["digest"], "the same recipe over the same data gave other bytes")
    files = [{one["path"]: one["sha256"] for one in api.get(f"{there}/{uid}/files")} for uid in made.twins]
    check(files[0] == files[1], "two snapshots of a recipe have files that differ")
    told = api.get(f"{there}/{made.twins[0]}/compare/{made.twins[1]}")
    changes = {name: told[name] for name in ("added", "removed", "flipped")}
    check(not any(changes.values()) and told["same"] > 0, f"comparing the two says {told}")


def _count_rows(loaded: dict[str, Rows]) -> str:
    rows = sum(len(table) for splits in loaded.values() for table in splits.values())
    return f": {len(loaded)} configurations, {rows:,} rows"
