"""What a new project starts with: the pairwise rubric and a guideline to write on from."""

from pathlib import Path

from apps.projects.questions.preference import PreferenceQuestion
from apps.projects.questions.reasons import ReasonsQuestion
from apps.projects.questions.text import TextQuestion
from apps.projects.rubrics import RubricDocument

STARTER_GUIDELINE = (Path(__file__).parent / "starter_guideline.md").read_text(encoding="utf-8")


def build_pairwise_rubric() -> RubricDocument:
    """Which of two responses is better and how far, why, and a sentence of one's own."""
    return RubricDocument(
        questions=(
            PreferenceQuestion(key="preference", title="Which response is better?", steps=3),
            ReasonsQuestion(key="reasons", title="Why?"),
            TextQuestion(
                key="justification",
                title="In a sentence",
                placeholder="What decided it for you?",
                maximum=2000,
            ),
        )
    )
