"""Values that a recipe says and its project does not list."""

from collections.abc import Callable, Iterable

from apps.datasets.forms.choices import Choice

# What may be said of values that the project does not list, such as a category without answers yet.
UNLISTED: dict[str, Callable[[str], str]] = {
    "rubrics": lambda version: f"{version} (not published)",
    "guideline_from": lambda version: f"from version {version}",
    "categories": str,
    "languages": str,
    "raters": lambda uid: f"somebody ({uid[:8]}…)",
    "min_agreement": lambda share: f"at least {100 * float(share):g}\u00a0%",
    "min_strength": lambda strength: f"at least {float(strength):g}",
    "sft_question": str,
    "label_question": str,
}
_BOUNDS = {"rubrics": (1, 1e6), "guideline_from": (1, 1e6), "min_agreement": (0, 1), "min_strength": (0, 4)}


def tell_unlisted(name: str, values: Iterable[str]) -> list[Choice]:
    """Those that the field of this name may keep, each with its words."""
    tell = UNLISTED.get(name)
    return [(one, tell(one)) for one in values if _is_sound(name, one)] if tell else []


def _is_sound(name: str, value: str) -> bool:
    if name not in _BOUNDS:
        return True
    low, high = _BOUNDS[name]
    try:
        return low <= float(value) <= high and (high <= 4 or value.isdecimal())
    except ValueError:
        return False
