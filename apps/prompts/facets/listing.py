"""All facets of the desk, with the words on them."""

from dataclasses import dataclass, field

from apps.core.words import start_sentence
from apps.projects.models import Project
from apps.prompts.facets.choices import Choice, Facet, make_facet
from apps.prompts.facets.counting import count_by_facet, count_tags, count_values_of_key
from apps.prompts.facets.histogram import Bar, draw_bars
from apps.prompts.filtering import BY_HAND, COVERAGES, MOST_TURNS, PromptFilter
from apps.prompts.models import PromptStatus
from apps.prompts.remembering import recall

TITLES = {
    "status": "Status",
    "category": "Category",
    "language": "Language",
    "coverage": "Coverage",
    "turns": "Turns",
    "source": "Source",
}


@dataclass(frozen=True)
class Facets:
    total: int
    all: list[Facet] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)


def count_facets(*, project: Project, wanted: PromptFilter) -> Facets:
    counts, total = recall(
        project=project, about=f"counts {wanted.address}", read=lambda: count_by_facet(project, wanted)
    )
    labels = {
        "status": {value: start_sentence(str(label)) for value, label in PromptStatus.choices},
        "coverage": COVERAGES,
        "source": _name_sources(project, counts["source"]),
        "turns": {str(n): f"{n} turn{'s' if n > 1 else ''}" for n in range(1, MOST_TURNS)}
        | {str(MOST_TURNS): f"{MOST_TURNS} turns or more"},
    }
    facets = [
        make_facet(wanted, name, title, counts[name], labels.get(name, {})) for name, title in TITLES.items()
    ]
    if tags := count_tags(project, wanted):
        facets.insert(4, make_facet(wanted, "tag", "Tags", tags, {}))
    return Facets(total, facets, draw_bars(wanted, counts["bar"]))


def _name_sources(project: Project, counts: dict[str, int]) -> dict[str, str]:
    imports = project.prompt_imports.filter(pk__in=[int(source) for source in counts if source != BY_HAND])
    named = {str(pk): name for pk, name in imports.values_list("pk", "file_name")}
    return {BY_HAND: "Written by hand"} | named


def count_values(*, project: Project, wanted: PromptFilter) -> list[Choice]:
    """Of the metadata key that the filter names: its commonest values."""
    return make_facet(wanted, "value", wanted.key, count_values_of_key(project, wanted), {}).choices
