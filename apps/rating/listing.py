"""Finding items among a million: what a filter means, and the page of a list that comes after another."""

import re
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from apps.core.words import count, start_sentence
from apps.projects.models import Project
from apps.prompts.forms import NO_CATEGORY
from apps.rating.models.item_queries import ItemQuerySet
from apps.rating.models.item_states import ItemState
from apps.rating.models.items import Item

PAGE = 50
ALL = "all"
QUEUE = "queue"  # every item that is open and not done, in the order in which raters meet them
MOST_COUNTED = 10_000
MOST_PLACE = (1 << 63) - 1
FEW = 2000  # prompts whose items are looked up one by one
IN_QUEUE = (QUEUE, ItemState.WAITING, ItemState.BEGUN)


@dataclass(frozen=True)
class ItemFilter:
    """Which items of a project are meant. Empty means all; `uids` is what somebody ticked."""

    q: str = ""
    category: str = ""
    state: str = ""
    priority: int | None = None
    skill: str = ""
    uids: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in ("", None, ())}

    def as_query(self) -> str:
        """As the address of a list says it: the state too where it is all of them."""
        said = self.as_json()
        return urlencode({**said, "state": self.state or ALL})

    @property
    def is_narrow(self) -> bool:
        """Whether it asks for more than a state."""
        return any((self.q, self.category, self.skill, self.uids, self.priority is not None))

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "ItemFilter":
        return cls(**{**stored, "uids": tuple(stored.get("uids", ()))})


@dataclass(frozen=True)
class ItemPage:
    """Items with their summaries; `next` and `previous` are keys to go on from, empty at the ends."""

    items: list[Item]
    next: str
    previous: str


def find_items(*, project: Project, wanted: ItemFilter) -> ItemQuerySet:
    """The items that fit a filter: those in the queue as raters meet them, others as they came in."""
    items = project.items.asked()
    if wanted.uids:
        items = items.filter(uid__in=wanted.uids)
    if wanted.state == QUEUE:
        items = items.unfinished()
    elif wanted.state:
        items = items.in_state(wanted.state)
    if wanted.priority is not None:
        items = items.with_priority(wanted.priority)
    if wanted.skill:
        items = items.asking(wanted.skill)
    if wanted.q or wanted.category:
        items = _of_prompts(items, project, wanted)
    return items.order_by("place" if wanted.state in IN_QUEUE else "id")


def _of_prompts(items: ItemQuerySet, project: Project, wanted: ItemFilter) -> ItemQuerySet:
    """Where few prompts fit, their items are read and no others; where many do, some come soon anyway."""
    prompts = project.prompts.order_by()
    if wanted.q:
        prompts = prompts.saying(wanted.q)
    if wanted.category:
        prompts = prompts.in_category(None if wanted.category == NO_CATEGORY else wanted.category)
    few = list(prompts.values_list("pk", flat=True)[: FEW + 1])
    return items.filter(prompt__in=few) if len(few) <= FEW else items.filter(prompt__in=prompts)


def list_page(*, items: ItemQuerySet, after: str = "", before: str = "") -> ItemPage:
    """The items after a key, or before one, or the first."""
    (order,) = items.query.order_by
    backwards = bool(before) and not after
    key = _read_key(before if backwards else after)
    if key:
        items = items.filter(_beyond(str(order), key, backwards=backwards))
    sign = "-" if backwards else ""
    found = list(items.order_by(f"{sign}{order}", f"{sign}id").values_list(str(order), "id")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if backwards:
        found.reverse()
    rows = Item.objects.filter(pk__in=[row for _, row in found]).with_summary().order_by(order, "id")
    has_next, has_previous = (True, more) if backwards else (more, bool(key))
    return ItemPage(
        items=list(rows),
        next=_write_key(found[-1]) if found and has_next else "",
        previous=_write_key(found[0]) if found and has_previous else "",
    )


def describe_list(*, wanted: ItemFilter, found: int) -> str:
    """What a list holds: “The queue, the next item first”, “Twelve items fit”."""
    if not wanted.is_narrow and wanted.state in {QUEUE, ""}:
        return "The queue, the next item first" if wanted.state else "All items, the oldest first"
    if found > MOST_COUNTED:
        return f"More than {MOST_COUNTED:,} items fit"
    return start_sentence(count(found, "item fits", "items fit"))


def count_up_to(items: ItemQuerySet, most: int = MOST_COUNTED) -> int:
    """How many there are, `most` + 1 where there are more."""
    return items.order_by()[: most + 1].count()


def _beyond(order: str, key: tuple[int, int], *, backwards: bool) -> Q:
    """Beyond the key; said so that one index gives exactly these."""
    place, item = key
    way = "lt" if backwards else "gt"
    return Q(**{f"{order}__{way}e": place}) & (Q(**{f"{order}__{way}": place}) | Q(**{f"id__{way}": item}))


def _write_key(row: tuple[int, int]) -> str:
    return f"{row[0]}.{row[1]}"


def _read_key(text: str) -> tuple[int, int] | None:
    """Nonsense in the address is the beginning."""
    key = re.fullmatch(r"([0-9]{1,19})\.([0-9]{1,18})", text)
    if key is None or int(key[1]) > MOST_PLACE:
        return None
    return int(key[1]), int(key[2])
