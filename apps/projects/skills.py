"""Skills: what an item can ask of a rater, as `law` or `sv`. A word, so that two spellings are one."""

import re

from apps.core.errors import InvalidInputError

SKILL_LENGTH = 40
MOST = 20
_BETWEEN = re.compile(r"[\s,;]+")
_WORD = re.compile(r"[\w.+#-]+")


def split_skills(text: str) -> list[str]:
    """Each once, in lower case and alphabetical order, whatever they are."""
    return sorted({word.lower() for word in _BETWEEN.split(text) if word})


def parse_skills(text: str) -> list[str]:
    """The skills of a list that somebody typed.

    Raises:
        InvalidInputError: one is no word, or too long, or there are too many.
    """
    skills = split_skills(text)
    for skill in skills:
        if len(skill) > SKILL_LENGTH or not _WORD.fullmatch(skill):
            raise InvalidInputError(
                f"“{skill[:SKILL_LENGTH]}” cannot be a skill: write short words of letters and digits, "
                "with commas between. Nothing was changed."
            )
    if len(skills) > MOST:
        raise InvalidInputError(f"That are {len(skills)} skills; {MOST} are possible. Nothing was changed.")
    return skills
