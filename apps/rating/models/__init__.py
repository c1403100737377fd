from apps.rating.models.annotations import Annotation, Origin
from apps.rating.models.coverage import CountedUntil, ThinGroups
from apps.rating.models.edits import EditAction, ItemEdit
from apps.rating.models.flags import Flag, FlagKind
from apps.rating.models.item_places import PLACE_BITS, PRIORITIES
from apps.rating.models.item_responses import ItemResponse
from apps.rating.models.item_states import HAS_ROOM, ItemKind, ItemStatus
from apps.rating.models.items import Item
from apps.rating.models.leases import Lease, LeaseState, RaterState, ReturnedItem, SkipReason
from apps.rating.models.outcomes import PairOutcome, PairRelation, TextOutcome, TextUse, ValueOutcome
from apps.rating.models.readings import RenderedPrompt, RenderedResponse

__all__ = [
    "HAS_ROOM",
    "PLACE_BITS",
    "PRIORITIES",
    "Annotation",
    "CountedUntil",
    "EditAction",
    "Flag",
    "FlagKind",
    "Item",
    "ItemEdit",
    "ItemKind",
    "ItemResponse",
    "ItemStatus",
    "Lease",
    "LeaseState",
    "Origin",
    "PairOutcome",
    "PairRelation",
    "RaterState",
    "RenderedPrompt",
    "RenderedResponse",
    "ReturnedItem",
    "SkipReason",
    "TextOutcome",
    "TextUse",
    "ThinGroups",
    "ValueOutcome",
]
