"""Every route of the project, with a path to open it by."""

import re
from uuid import UUID

from apps.core.policy import list_routes

ROUTES = dict(list_routes())
# Nothing has these: access must be decided before anything is looked up.
SAMPLES = {"int": "987654321", "uuid": str(UUID(int=0)), "str": "none", "slug": "none", "path": "none"}


def make_path(route: str, slug: str) -> str:
    """The route's path in the project `slug`, with names and numbers that lead to nothing."""

    def fill(match: re.Match[str]) -> str:
        converter, _, name = match.group(1).rpartition(":")
        return slug if name == "slug" else SAMPLES[converter or "str"]

    return "/" + re.sub(r"<([^>]+)>", fill, route)


def is_api(route: str) -> bool:
    return route.startswith("api/")
