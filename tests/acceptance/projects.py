"""The projects of the acceptance, built through the API, each with what its raters saw."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.acceptance.client import Client
from tests.acceptance.diary import Diary
from tests.acceptance.rating import rate
from tests.acceptance.real_data import (
    ALPACA_EVAL,
    FOLDER,
    HUMAN_VOTES,
    MACHINE_VOTES,
    MODELS,
    QUESTIONS,
    TREES,
    read_outputs,
)
from tests.acceptance.special import list_special_outputs
from tests.smoke.checks import check
from tests.smoke.http import Api, Browser
from tests.smoke.loop import wait
from tests.smoke.people import invite_rater

IMPORTED_WITHIN = 180  # seconds
OVERLAP = 3
PAIR_RATERS, ANSWERS_EACH = 4, 225  # of which three meet on each item: 300 items
SCALE_PROMPTS, REWRITE_PROMPTS = 60, 40


@dataclass
class Cast:
    """Who plays: the admin as a person and as a program, and how many raters came so far."""

    site: str
    browser: Browser
    admin: Client
    raters: int = 0

    def invite(self, slug: str, number: int) -> list[Api]:
        first = self.raters
        self.raters += number
        return [invite_rater(self.browser, self.site, slug, place) for place in range(first, first + number)]


@dataclass
class Project:
    """One of them.

    Attributes:
        counts: what the imports and the raters brought, by a word.
    """

    slug: str
    diary: Diary = field(default_factory=Diary)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def datasets(self) -> str:
        return f"projects/{self.slug}/datasets"

    def tell(self) -> str:
        return ", ".join(f"{number:,} {word}" for word, number in self.counts.items())


def build_pairs(cast: Cast) -> Project:
    """AlpacaEval's three outputs, all pairs of them, on a few hundred of which three raters each judge."""
    project = _create(cast, "Pairs", "pairwise", OVERLAP)
    _import_lines(cast.admin, project, list_special_outputs())
    for model, name in ALPACA_EVAL.items():
        empty = sum(not row["output"].strip() for row in read_outputs(model))
        _import_file(cast.admin, project, name, rejected=empty)
    _rate(cast, project, PAIR_RATERS, ANSWERS_EACH)
    return project


def build_scales(cast: Cast) -> Project:
    """Two models' outputs, each rated on five scales by two people."""
    project = _create(cast, "Scales", "helpsteer", 2)
    for model in MODELS[:2]:
        _import_lines(cast.admin, project, read_outputs(model, SCALE_PROMPTS))
    _rate(cast, project, 2, SCALE_PROMPTS)
    return project


def build_rewrites(cast: Cast) -> Project:
    """Two models' outputs, the better of which one person rewrites."""
    project = _create(cast, "Rewrites", "rewrite", 1)
    for model in MODELS[1:]:
        _import_lines(cast.admin, project, read_outputs(model, REWRITE_PROMPTS))
    _rate(cast, project, 1, REWRITE_PROMPTS)
    return project


def build_trees(cast: Cast) -> Project:
    """Open Assistant's trees with their ranks."""
    project = _create(cast, "Trees", "ranking", 1)
    _import_file(cast.admin, project, TREES)
    return project


def build_votes(cast: Cast) -> Project:
    """MT-bench: its questions, and the votes of people and of GPT-4."""
    project = _create(cast, "Votes", "pairwise", 1)
    for name in (QUESTIONS, HUMAN_VOTES, MACHINE_VOTES):
        _import_file(cast.admin, project, name)
    return project


def _create(cast: Cast, name: str, preset: str, overlap: int) -> Project:
    made = cast.admin.post("projects/", {"name": name, "preset": preset, "overlap": overlap})
    plan = f"projects/{made['slug']}/item-plan/"
    said = cast.admin.put(plan, {"pairing": "all", "pairs_per_prompt": 3, "baseline": ""})
    check(said["pairing"] == "all", f"the item plan of {name} is {said}")
    return Project(made["slug"])


def _import_file(admin: Client, project: Project, name: str, *, rejected: int = 0) -> None:
    there = f"projects/{project.slug}/prompts/import"
    _finish(admin, project, admin.upload(there, FOLDER / name, personal_data="keep"), rejected)


def _import_lines(admin: Client, project: Project, lines: Sequence[dict[str, Any]]) -> None:
    sent = {"prompts": list(lines), "personal_data": "keep"}
    _finish(admin, project, admin.post(f"projects/{project.slug}/prompts/import", sent), 0)


def _finish(admin: Client, project: Project, report: dict[str, Any], rejected: int) -> None:
    """Wait for an import, and count what it brought; so many lines cannot come in."""
    there = f"projects/{project.slug}/prompts/imports/{report['id']}"
    wait(
        lambda: admin.get(f"{there}?wait=10")["status"] in ("finished", "failed", "cancelled"),
        IMPORTED_WITHIN,
        f"the end of an import into {project.slug}",
    )
    report = admin.get(there)
    clean = report["status"] == "finished" and report["rejected"] == rejected and not report["unfit"]
    check(clean, f"an import into {project.slug} ended so: {report}")
    for word, name in (
        ("prompts", "added"),
        ("responses", "responses_added"),
        ("imported annotations", "annotations_added"),
    ):
        if report[name]:
            project.counts[word] = project.counts.get(word, 0) + report[name]


def _rate(cast: Cast, project: Project, people: int, each: int) -> None:
    raters = cast.invite(project.slug, people)
    done = rate(raters, project.slug, each=each, diary=project.diary)
    check(done == people * each, f"{done} answers in {project.slug}, not {people * each}")
    project.counts["annotations"] = done
