"""Where an item stands in the queue: by priority, then by passes, then by age or at random."""

from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce

PRIORITIES = (-9, 9)
PLACE_BITS = 50  # of an id; above them a pass of 7 bits, above that the priority
PRIORITY_BIT = PLACE_BITS + 7
PLACE = (
    (Value(PRIORITIES[1]) - F("priority")) * Value(1 << PRIORITY_BIT)
    + Case(When(in_passes=True, then=F("taken") * Value(1 << PLACE_BITS)), default=Value(0))
    + Coalesce(F("shuffled"), F("id"))
)
