"""Every question kind, by name. A new kind is a module here, a template, and a line below."""

from apps.projects.questions.base import Question
from apps.projects.questions.choice import ChoiceQuestion
from apps.projects.questions.demonstration import DemonstrationQuestion
from apps.projects.questions.preference import PreferenceQuestion
from apps.projects.questions.ranking import RankingQuestion
from apps.projects.questions.reasons import ReasonsQuestion
from apps.projects.questions.rewrite import RewriteQuestion
from apps.projects.questions.scale import ScaleQuestion
from apps.projects.questions.spans import SpansQuestion
from apps.projects.questions.text import TextQuestion
from apps.projects.questions.verdict import VerdictQuestion

KINDS: dict[str, type[Question]] = {
    "preference": PreferenceQuestion,
    "ranking": RankingQuestion,
    "reasons": ReasonsQuestion,
    "scale": ScaleQuestion,
    "choice": ChoiceQuestion,
    "text": TextQuestion,
    "demonstration": DemonstrationQuestion,
    "rewrite": RewriteQuestion,
    "spans": SpansQuestion,
    "verdict": VerdictQuestion,
}
