import pytest

from apps.datasets.formats.conversations import alternates
from tests.datasets.samples import make_prompt


@pytest.mark.parametrize(
    ("roles", "fits"),
    [
        ("user", True),
        ("system user", True),
        ("user assistant user", True),
        ("system user assistant user", True),
        ("user assistant tool", True),
        ("assistant user", False),
        ("user assistant", False),
        ("user user", False),
        ("user assistant tool tool", False),
        ("system assistant user", False),
        ("user assistant user user assistant user", False),
    ],
)
def test_llama_factory_skips_conversations_that_do_not_alternate(roles: str, fits: bool) -> None:
    assert alternates(make_prompt(*roles.split())) == fits
