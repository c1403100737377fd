"""The skills that items of the queue ask for, and who has them."""

from dataclasses import dataclass

from django.db.models import CharField, Count, F, Func, Max

from apps.projects.models import Project


@dataclass(frozen=True)
class AskedSkill:
    """A skill that unfinished items ask for; `raters` have it and are not paused."""

    skill: str
    items: int
    people: int
    raters: int

    @property
    def lacking(self) -> bool:
        """An item wants more people than there are."""
        return self.raters < self.people


def count_asked_skills(*, project: Project) -> list[AskedSkill]:
    """The skills that unfinished items ask for, the commonest first, and how many raters have each."""
    rows = (
        project.items.unfinished()
        .exclude(skills=[])
        .order_by()
        .annotate(skill=Func(F("skills"), function="unnest", output_field=CharField()))
        .values("skill")
        .annotate(n=Count("id"), people=Max("overlap"))
        .order_by("-n", "skill")
    )
    working = [set(m.skills) for m in project.memberships.filter(paused_at=None) if m.may_rate]
    return [
        AskedSkill(row["skill"], row["n"], row["people"], sum(row["skill"] in skills for skills in working))
        for row in rows
    ]
