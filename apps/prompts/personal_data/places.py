"""Where in a prompt a text is: paths into its metadata, written as JSON pointers without the first slash."""

from typing import Any


def join_key(path: str, name: str) -> str:
    """RFC 6901: a slash in a name is ~1, a tilde ~0."""
    name = name.replace("~", "~0").replace("/", "~1")
    return f"{path}/{name}" if path else name


def read_at(metadata: Any, key: str) -> str | None:
    """The text there; None where the metadata has come to be another."""
    value = metadata
    for name in _split(key):
        try:
            value = value[int(name)] if isinstance(value, list) else value[name]
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    return value if isinstance(value, str) else None


def replace_at(metadata: Any, key: str, text: str) -> Any:
    """The metadata with `text` there; what was given stays as it was."""
    return _replace(metadata, _split(key), text)


def _replace(value: Any, names: list[str], text: str) -> Any:
    if not names:
        return text
    if isinstance(value, list):
        place = int(names[0])
        return [_replace(v, names[1:], text) if i == place else v for i, v in enumerate(value)]
    return {**value, names[0]: _replace(value[names[0]], names[1:], text)}


def _split(key: str) -> list[str]:
    return [name.replace("~1", "/").replace("~0", "~") for name in key.split("/")]
