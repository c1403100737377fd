"""What to look for: the kinds that are built in, the countries of phone numbers, a project's patterns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2
from phonenumbers import SUPPORTED_REGIONS

from apps.core.errors import InvalidInputError
from apps.prompts.personal_data.findings import Kind, name_mask

REGIONS = ("US", "GB")
PATTERN_LIMIT, PATTERNS_LIMIT = 500, 50
_NAME = re.compile(r"[^\W_](?:[\w .-]{0,28}[^\W_])?")


class InvalidRulesError(InvalidInputError):
    code = "invalid_rules"


@dataclass(frozen=True)
class Pattern:
    """A regular expression as RE2 reads it, and the name of what it finds."""

    name: str
    expression: str


@dataclass(frozen=True)
class Rules:
    """Hashable, so that what is made of them is made once."""

    kinds: tuple[Kind, ...] = tuple(Kind)
    regions: tuple[str, ...] = REGIONS
    patterns: tuple[Pattern, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "kinds": [kind.value for kind in self.kinds],
            "regions": list(self.regions),
            "patterns": [{"name": p.name, "expression": p.expression} for p in self.patterns],
        }


def read_rules(data: Mapping[str, Any]) -> Rules:
    """The rules that `as_json` wrote, or that a person wrote.

    Raises:
        InvalidRulesError: with a sentence that says what cannot be used.
    """
    patterns = tuple(check_pattern(p["name"], p["expression"]) for p in data.get("patterns", []))
    if len(patterns) > PATTERNS_LIMIT:
        raise InvalidRulesError(f"At most {PATTERNS_LIMIT} patterns can be kept; nothing was changed.")
    names = [pattern.name.casefold() for pattern in patterns]
    for name in names:
        if names.count(name) > 1:
            raise InvalidRulesError(f"Two patterns are named “{name}”. Give each a name of its own.")
    return Rules(
        kinds=tuple(Kind(kind) for kind in data.get("kinds", list(Kind))),
        regions=check_regions(data.get("regions", REGIONS)),
        patterns=patterns,
    )


def check_regions(codes: Any) -> tuple[str, ...]:
    """Countries by their two letters, each once, in the order given."""
    regions = tuple(dict.fromkeys(str(code).strip().upper() for code in codes if str(code).strip()))
    for region in regions:
        if region not in SUPPORTED_REGIONS:
            raise InvalidRulesError(
                f"“{region}” is no country known here. Use two letters, such as SE or DE."
            )
    return regions


def check_pattern(name: str, expression: str) -> Pattern:
    name = " ".join(name.split())
    if not _NAME.fullmatch(name):
        raise InvalidRulesError(
            f"“{name[:40]}” cannot name a pattern. Use up to 30 letters, digits, spaces, dots and hyphens."
        )
    if name.casefold() in {kind.casefold() for kind in Kind}:
        raise InvalidRulesError(f"“{name}” is looked for already. Give the pattern another name.")
    if not expression or len(expression) > PATTERN_LIMIT:
        raise InvalidRulesError(f"The pattern of “{name}” needs 1 to {PATTERN_LIMIT} characters.")
    try:
        found_nothing = compile_expression(expression).search("") is not None
    except (re2.error, UnicodeEncodeError) as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error.args[0])
        raise InvalidRulesError(
            f"The pattern of “{name}” cannot be read: {reason}. It is a regular expression as RE2 reads "
            "it, without look-around and back-references."
        ) from None
    if found_nothing:
        raise InvalidRulesError(
            f"The pattern of “{name}” fits an empty text, and so every place in all texts."
        )
    return Pattern(name, expression)


@lru_cache(maxsize=256)
def compile_expression(expression: str) -> Any:
    """RE2 reads each text once, whatever the pattern: nobody's pattern can hold an import up."""
    options = re2.Options()
    options.max_mem = 4 << 20
    options.log_errors = False
    options.never_capture = True
    return re2.compile(expression, options)


@lru_cache(maxsize=64)
def compile_masks(rules: Rules) -> re.Pattern[str]:
    """What masking leaves behind: it is passed over, or a pattern could find the masks of another."""
    names = [*Kind, *(pattern.name for pattern in rules.patterns)]
    return re.compile("|".join(re.escape(name_mask(name)) for name in names))
