"""Hashes keyed by the project's secret: stable inside the project, meaningless outside it."""

import hmac
from uuid import UUID

from apps.projects.models import Project


def pseudonymise(project: Project, rater: UUID) -> str:
    """A rater's name in everything that leaves: the same in every export of the project, and only there."""
    return "rater-" + _digest(project, b"rater:" + rater.bytes).hex()[:12]


def hash_to_unit(project: Project, prompt_digest: bytes) -> float:
    """A number in [0, 1) that depends on a prompt's messages and on nothing else in the project."""
    return int.from_bytes(_digest(project, b"split:" + prompt_digest)[:6], "big") / 2**48


def _digest(project: Project, message: bytes) -> bytes:
    return hmac.digest(project.secret.bytes, message, "sha256")
