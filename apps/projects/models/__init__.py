from apps.projects.models.people import Invitation, Membership
from apps.projects.models.projects import Pairing, Project, QueueOrder, Stage
from apps.projects.models.rubrics import Guideline, Rubric, get_rubric, get_rubric_version

__all__ = [
    "Guideline",
    "Invitation",
    "Membership",
    "Pairing",
    "Project",
    "QueueOrder",
    "Rubric",
    "Stage",
    "get_rubric",
    "get_rubric_version",
]
