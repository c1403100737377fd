"""Answers to questions that an item does not ask any more."""

from apps.projects.rubric_answers import InvalidAnswersError
from apps.projects.rubrics import RubricDocument

OF_A_PAGE = (
    "The questions changed since you opened this item. What you wrote is kept where it still fits: "
    "read the questions as they are now, then send it again."
)
OF_A_PROGRAM = (
    "The questions changed since this item was given out, so nothing was stored. Claim again, and answer "
    "the rubric that comes with the item."
)


class OutdatedFormError(InvalidAnswersError):
    """The item ran out, and moved to another version of the rubric before its answers came."""

    code = "outdated_form"

    def __init__(self, message: str) -> None:
        super().__init__({})
        self.message = message


def check_asked(*, asked_as: str, rubric: RubricDocument, message: str) -> None:
    """
    Args:
        asked_as: the digest of the rubric that was answered; empty where nobody says.

    Raises:
        OutdatedFormError: the item asks something else now.
    """
    if asked_as and asked_as != rubric.digest:
        raise OutdatedFormError(message)
