"""What every page of the desk shows: the filters at the left and the list in the middle."""

from typing import Any

from django.http import HttpRequest

from apps.projects.models import Project
from apps.prompts.coverage import list_dimensions
from apps.prompts.desk import list_rows
from apps.prompts.facets.listing import count_facets, count_values
from apps.prompts.filtering import PromptFilter
from apps.prompts.forms_filter import read_filter
from apps.prompts.models import Prompt
from apps.prompts.searching import count_unread

MANY = 20_000  # prompts: those of a larger project are counted after its page is there
UNDO = "prompts_changed"  # in the session: what the curator did last, until it was shown


def read_list(
    request: HttpRequest, project: Project, *, wanted: PromptFilter | None = None
) -> dict[str, Any]:
    wanted = read_filter(request.GET) if wanted is None else wanted
    after = request.GET.get("after", "")
    at = int(after) if after.isdecimal() and len(after) < 18 else None
    return {"wanted": wanted, "listing": list_rows(project=project, wanted=wanted, after=at), "after": at}


def read_desk(request: HttpRequest, project: Project, *, opened: Prompt | None = None) -> dict[str, Any]:
    listed = read_list(request, project)
    wanted: PromptFilter = listed["wanted"]
    return (
        listed
        | read_facets(project, wanted, at_once="counted" in request.GET)
        | {
            "opened": opened,
            "outcome": request.session.pop(UNDO, None),
            "unread": count_unread(project_id=project.pk) if wanted.q else 0,
        }
    )


def read_facets(project: Project, wanted: PromptFilter, *, at_once: bool = False) -> dict[str, Any]:
    """What stands at the left; without its counts where they take long, unless they are wanted at once."""
    if not at_once and project.prompts.order_by()[MANY : MANY + 1].exists():
        return {"facets": None, "kept": wanted.without("q").dump()}
    keys = [dimension.key for dimension in list_dimensions(project=project) if dimension.key]
    if wanted.key and wanted.key not in keys:
        keys.insert(0, wanted.key)
    return {
        "facets": count_facets(project=project, wanted=wanted),
        "keys": keys,
        "values": count_values(project=project, wanted=wanted) if wanted.key else [],
        "kept": wanted.without("q").dump(),
        "kept_for_words": wanted.without("words").dump(),
        "kept_for_key": wanted.without("key", "value").dump(),
    }
