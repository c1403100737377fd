"""What an API token may be allowed to do.

The names are those of the permissions in a project. Projects are downstream of accounts, so they bring
the list here when Django starts; nothing else knows it twice.
"""

from collections.abc import Iterable

_offered: dict[str, str] = {}


def offer_scopes(choices: Iterable[tuple[str, str]]) -> None:
    """Let tokens carry these scopes: pairs of a name and a plain label."""
    _offered.update(choices)


def list_scopes() -> list[tuple[str, str]]:
    return list(_offered.items())


def label_scopes(names: Iterable[str]) -> list[str]:
    """The labels of a token's scopes; a scope that is no longer offered keeps its name."""
    return [_offered.get(name, name) for name in names]
