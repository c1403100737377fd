"""Conditions for the checks that the database makes; for each statement it reads those of a table anew."""

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.lookups import Exact


def both_or_neither(one: Q, other: Q) -> Exact:
    """Half as long as the two cases spelled out. Neither condition may come to NULL."""
    return Exact(*(ExpressionWrapper(q, output_field=BooleanField()) for q in (one, other)))
