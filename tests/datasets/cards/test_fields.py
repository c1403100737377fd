"""Every field of every format's metadata is explained."""

from apps.datasets.cards.fields import MEANINGS, RESPONSE_MEANINGS
from apps.datasets.formats import FORMATS
from apps.datasets.formats.metadata.origin import RESPONSE


def test_every_field_is_explained_and_nothing_else() -> None:
    known = {name for one in FORMATS.values() for name in one.COLUMNS["metadata"]}
    assert known == MEANINGS.keys()
    assert RESPONSE_MEANINGS.keys() == RESPONSE.keys()
