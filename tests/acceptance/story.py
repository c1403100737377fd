"""The acceptance: projects, snapshots, rows, trainings, and the way back to the files that it began with."""

from pathlib import Path
from typing import Any

from tests.acceptance import projects
from tests.acceptance.client import Client
from tests.acceptance.making import check_digest, make_all
from tests.acceptance.projects import Cast, Project
from tests.acceptance.proving import prove_rows, prove_sources
from tests.acceptance.recipes import check_formats
from tests.acceptance.stage import Stage
from tests.acceptance.studying import study
from tests.acceptance.tracing import trace_rows
from tests.smoke.people import make_admin
from tests.smoke.steps import Steps

BUILT = {
    "votes": ("import MT-bench's questions and votes", projects.build_votes),
    "trees": ("import Open Assistant's trees", projects.build_trees),
    "scales": ("rate responses on scales", projects.build_scales),
    "rewrites": ("rewrite responses", projects.build_rewrites),
    "pairs": ("import AlpacaEval's outputs, and rate pairs of them", projects.build_pairs),
}


def go_the_whole_way(stage: Stage, work: Path, steps: Steps) -> dict[str, Any]:
    """Everything over HTTP; returns the counts and losses.

    Raises:
        MismatchError: something is not as it must be.
    """
    steps.run("see that the recipes have every format", check_formats, lambda count: f": {count}")
    browser, admin = steps.run("make an admin and a token", lambda: make_admin(stage.site))
    cast = Cast(stage.site, browser, Client(stage.site, admin.token))
    built = {name: _build(name, cast, steps) for name in BUILT}
    made = make_all(stage, cast.admin, built, work, steps)
    steps.run("make a recipe twice: the same bytes", lambda: check_digest(cast.admin, made))
    rows = prove_rows(made, steps)
    steps.run("trace rows to votes", lambda: trace_rows(cast.admin, made), lambda count: f": {count} rows")
    sources = prove_sources(made, steps)
    losses = study(made, work, steps)
    return {"annotations": _count(built), "snapshots": len(made.arrived), **rows, **sources, "losses": losses}


def _build(name: str, cast: Cast, steps: Steps) -> Project:
    what, build = BUILT[name]
    return steps.run(what, lambda: build(cast), lambda made: f": {made.tell()}")


def _count(built: dict[str, Project]) -> int:
    return sum(len(project.diary.entries) for project in built.values())
