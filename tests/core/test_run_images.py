"""The container files agree with the project: names, queues and folders."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from apps.core.embedded.application import workers
from config.celery import app
from config.env import Environment
from tests.core.embedded_runs import ROOT


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text()))


def queues_used() -> set[str]:
    routes = app.conf.task_routes.values()
    return {app.conf.task_default_queue, *(route["queue"] for route in routes)}


def queues_served(commands: list[list[str]]) -> set[str]:
    named = [command[command.index("--queues") + 1] for command in commands if "--queues" in command]
    return {queue for names in named for queue in names.split(",")}


def test_every_queue_has_a_worker_in_compose(compose: dict[str, Any]) -> None:
    commands = [service.get("command", []) for service in compose["services"].values()]

    assert queues_served(commands) == queues_used()


def test_every_queue_has_a_worker_in_make_run() -> None:
    commands = [list(program.command) for program in workers(runtime=Path("run"), logs=Path("log"))]

    assert queues_served(commands) == queues_used()


def test_compose_sets_only_what_the_environment_knows(compose: dict[str, Any]) -> None:
    known = {field.alias for field in Environment.model_fields.values()}

    assert set(compose["services"]["web"]["environment"]) <= known


def test_every_volume_is_declared(compose: dict[str, Any]) -> None:
    used = {
        mount.split(":")[0]
        for service in compose["services"].values()
        for mount in service.get("volumes", [])
    }

    assert used == set(compose["volumes"])


def test_the_image_copies_what_is_there_and_sent() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    sent = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))

    assert {name for names in copied for name in names.split()} == sent
    assert all((ROOT / name).exists() for name in sent)
