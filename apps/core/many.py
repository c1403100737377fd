"""Very many ids in one statement."""

from collections.abc import Collection

from django.db.models.expressions import RawSQL


def any_of(ids: Collection[int]) -> RawSQL:
    """For `pk__in`: one parameter however many they are, where a list would be 65,535 at most."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])
