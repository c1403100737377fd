"""A worker that dies in the middle of a snapshot, and a person who stops one: nothing half may stay."""

import time
from pathlib import Path

from tests.acceptance.client import Client
from tests.acceptance.projects import Project
from tests.acceptance.snapshots import follow, start
from tests.acceptance.stage import Stage
from tests.smoke.checks import MismatchError, check

CAUGHT_WITHIN = 60  # seconds
TRIES = 5
FINISHED, DRAFTS = "snapshots", "snapshots.drafts"


def kill_in_the_middle(stage: Stage, api: Client, project: Project, recipe: str) -> str:
    """Kill the worker while it writes rows; the uid of the snapshot, which the next worker has to make."""
    uid = catch_in_the_middle(stage, api, project, recipe)
    stage.replace_worker()
    check_nothing_half(stage, api, project, uid)
    return uid


def cancel_in_the_middle(stage: Stage, api: Client, project: Project, recipe: str) -> None:
    """Cancel one while its rows are written: the worker drops them as soon as it moves again."""
    uid = catch_in_the_middle(stage, api, project, recipe)
    api.post(f"{project.datasets}/snapshots/{uid}/cancel")
    stage.let_worker_go_on()
    follow(api, project, uid, to="cancelled")
    deadline = time.monotonic() + CAUGHT_WITHIN
    while _list_drafts(stage, uid):
        check(time.monotonic() < deadline, "the draft of a cancelled snapshot stays")
        time.sleep(0.05)
    check_nothing_half(stage, api, project, uid)


def catch_in_the_middle(stage: Stage, api: Client, project: Project, recipe: str) -> str:
    """Start a snapshot and hold its worker still while it writes; its uid."""
    for _ in range(TRIES):
        uid = start(api, project, recipe)
        if (
            _hold_while_writing(stage, uid)
            and api.get(f"{project.datasets}/snapshots/{uid}")["status"] == "running"
        ):
            return uid
        stage.let_worker_go_on()
        follow(api, project, uid)
    raise MismatchError(f"{TRIES} snapshots were made too fast to be caught in the middle")


def _hold_while_writing(stage: Stage, uid: str) -> bool:
    """Whether the worker stands still with rows of it in a draft."""
    deadline = time.monotonic() + CAUGHT_WITHIN
    while not _has_rows(stage, uid):
        if any(path.name.startswith(uid) for path in stage.list_folders(FINISHED)):
            return False
        check(time.monotonic() < deadline, "no worker took a snapshot up")
        time.sleep(0.002)
    stage.hold_worker()
    return _has_rows(stage, uid)


def _has_rows(stage: Stage, uid: str) -> bool:
    return any(
        path.stat().st_size > 0 for draft in _list_drafts(stage, uid) for path in draft.glob("files/*/*.*")
    )


def _list_drafts(stage: Stage, uid: str) -> list[Path]:
    return [path for path in stage.list_folders(DRAFTS) if path.name.startswith(uid)]


def check_storage(stage: Stage, api: Client, projects: list[Project], killed: str) -> None:
    """In the storage lie the finished snapshots, and no draft but that of the worker that was killed."""
    listed = [one for project in projects for one in api.get(f"{project.datasets}/snapshots")["results"]]
    finished = sorted(one["uid"] for one in listed if one["status"] == "finished")
    stored = sorted(path.name[:36] for path in stage.list_folders(FINISHED))
    check(stored == finished, f"the storage has {len(stored)} snapshots, and {len(finished)} are finished")
    drafts = {path.name[:36] for path in stage.list_folders(DRAFTS)}
    check(drafts <= {killed}, "a draft of somebody who is alive was left")


def check_nothing_half(stage: Stage, api: Client, project: Project, uid: str) -> None:
    """It is not among those that are there, and nobody gets a byte of it."""
    there = f"{project.datasets}/snapshots/{uid}"
    for path in ("download", "manifest", "files"):
        status = api.ask_for(f"{there}/{path}")
        check(status == 409, f"{path} of a snapshot that is not finished answers {status}")
    listed = api.get(f"{project.datasets}/snapshots")["results"]
    (said,) = [one for one in listed if one["uid"] == uid]
    check(said["status"] != "finished" and not said["digest"], f"it is listed as {said}")
    stored = {path.name[:36] for path in stage.list_folders(FINISHED)}
    check(uid not in stored, "a half snapshot lies in the storage")
