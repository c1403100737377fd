"""The set at a glance: how many prompts there are, and of which categories."""

from dataclasses import dataclass

from django.db.models import Count

from apps.core.words import count, start_sentence
from apps.projects.models import Project
from apps.prompts.forms import NO_CATEGORY
from apps.prompts.models import PromptStatus

MOST_BOXES = 6


SHOWN_CATEGORIES = 12


@dataclass(frozen=True)
class Category:
    """`width` is its bar in hundredths of the biggest category's; `value` finds it in the filter."""

    name: str
    value: str
    prompts: int
    width: float

    @property
    def named(self) -> bool:
        return self.value != NO_CATEGORY


@dataclass(frozen=True)
class Glance:
    """A project's prompts in numbers."""

    total: int
    by_status: dict[str, int]
    categories: list[Category]
    statuses = tuple(PromptStatus)

    @property
    def shown(self) -> list[Category]:
        """Those that the picture has room for; one that would stand alone under it is shown too."""
        return self.categories if len(self.categories) <= SHOWN_CATEGORIES + 1 else self.categories[:12]

    @property
    def others(self) -> int:
        return len(self.categories) - len(self.shown)

    @property
    def finding(self) -> str:
        named = sum(category.named for category in self.categories)
        if not self.total:
            return "No prompts yet"
        if not named:
            return start_sentence(f"{count(self.total, 'prompt')}, without categories")
        return start_sentence(f"{count(self.total, 'prompt')} in {count(named, 'category', 'categories')}")

    @property
    def states(self) -> str:
        """Such as: 78 approved, two retired."""
        return ", ".join(
            f"{self.by_status[status.value]:,} {status.label}"
            for status in (PromptStatus.APPROVED, PromptStatus.DRAFT, PromptStatus.RETIRED)
            if status.value in self.by_status
        )


def take_glance(*, project: Project) -> Glance:
    by_status = dict(project.prompts.order_by().values_list("status").annotate(n=Count("id")))
    rows = project.prompts.count_categories()
    counts = sorted(rows, key=lambda row: (row[0] is None, -row[1], str(row[0])))
    most = max((number for _, number in counts), default=1)
    categories = [
        Category(name or "without a category", name or NO_CATEGORY, number, round(100 * number / most, 1))
        for name, number in counts
    ]
    return Glance(sum(by_status.values()), by_status, categories)
