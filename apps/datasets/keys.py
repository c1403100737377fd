"""Pseudonyms: hashes keyed by the project's secret and the recipe, meaningless outside of both."""

import hmac
from dataclasses import dataclass
from functools import lru_cache

from apps.rating.models import Origin


@dataclass(frozen=True)
class Pseudonyms:
    """Names for people in what leaves: the same in every snapshot of a recipe, and only there."""

    key: bytes

    def name_rater(self, uid: str) -> str:
        """A rater of ours, by the person's uid."""
        return f"rater-{_digest(self.key, 'rater:' + uid)}"

    def name_annotator(self, origin: str, annotator: str) -> str:
        """Who judged elsewhere: a program keeps its name, a person gets another one."""
        if origin == Origin.MACHINE:
            return f"machine:{annotator}"
        return f"imported-{_digest(self.key, 'annotator:' + annotator)}"

    def name_everywhere(self, annotator: str) -> list[str]:
        """All names that somebody who judged elsewhere may have here."""
        return [self.name_annotator(origin, annotator) for origin in (Origin.IMPORTED, Origin.MACHINE)]


@lru_cache(maxsize=4096)
def _digest(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()[:12]
