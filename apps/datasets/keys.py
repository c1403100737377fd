"""Hashes keyed by the project's secret: stable inside the project, meaningless outside it."""

import hmac
from functools import lru_cache
from uuid import UUID

from apps.projects.models import Project


def pseudonymise(project: Project, rater: str) -> str:
    """A rater's name in everything that leaves: the same in every export of the project, and only there.

    Args:
        rater: the person's uid, as PostgreSQL writes it.
    """
    return _pseudonymise(project.secret, rater)


@lru_cache(maxsize=4096)
def _pseudonymise(secret: UUID, rater: str) -> str:
    return "rater-" + _digest(secret, f"rater:{rater}".encode()).hex()[:12]


def hash_to_unit(project: Project, prompt_digest: bytes) -> float:
    """A number in [0, 1) that depends on a prompt's messages and on nothing else in the project."""
    return int.from_bytes(_digest(project.secret, b"split:" + prompt_digest)[:6], "big") / 2**48


def _digest(secret: UUID, message: bytes) -> bytes:
    return hmac.digest(secret.bytes, message, "sha256")
