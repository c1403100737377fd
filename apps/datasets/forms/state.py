"""What the page's address and its form say of a recipe: the saved one, and what was changed since."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from apps.datasets.forms.reading import Data
from apps.datasets.forms.recipe_form import RecipeForm
from apps.datasets.forms.writing import fill_form
from apps.datasets.recipes.document import RecipeDocument

WHOLE = "whole"  # sent with a whole form: what is missing there is unticked
LONGEST = 3000  # of an address; servers refuse lines of more than 4094 bytes
FIELDS = tuple(RecipeForm.base_fields)


def read_state(request: HttpRequest, base: RecipeDocument) -> Data:
    """All values of the form."""
    given = request.POST if request.method == "POST" else request.GET
    saved = fill_form(base)
    if WHOLE in given:
        return {name: _clean(given.getlist(name)) for name in FIELDS}
    return {name: _clean(given.getlist(name)) if name in given else saved.get(name, []) for name in FIELDS}


def _clean(values: list[str]) -> list[str]:
    """Without the empty value by which an address says that nothing is ticked, and without NUL."""
    said = [value.replace("\0", "") for value in values]
    return said if len(said) < 2 else [value for value in said if value]


def write_query(data: Mapping[str, list[str]], base: RecipeDocument) -> str:
    """What differs from the saved recipe, for an address; "" where nothing does."""
    saved = fill_form(base)
    changed = [
        (name, data.get(name, [])) for name in FIELDS if _differ(data.get(name, []), saved.get(name, []))
    ]
    return urlencode([(name, value) for name, values in changed for value in values or [""]])


def _differ(said: list[str], saved: list[str]) -> bool:
    return sorted(one for one in said if one) != sorted(one for one in saved if one)


def is_short(query: str) -> bool:
    return len(query) <= LONGEST


def read_number(query: QueryDict, name: str) -> int:
    """A row's number out of an address, 0 where it is none."""
    said = query.get(name, "")
    return int(said) if said.isdecimal() and said.isascii() and len(said) < 16 else 0
