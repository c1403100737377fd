"""JSON that a database can keep: what Python reads happily and PostgreSQL does not is turned away here."""

import json
import math
from typing import Any, NoReturn

from apps.prompts.parsing.reasons import Reason, Unusable

MAX_DEPTH = 32
_BIGGEST = 2**63


def load_json(text: str) -> Any:
    """The value that `text` stands for.

    Raises:
        Unusable: it is not JSON, or holds what cannot be kept.
    """
    try:
        value = _decode(text)
    except json.JSONDecodeError as error:
        raise Unusable(
            Reason.NOT_JSON, f"{error.msg.removesuffix(' at')} at character {error.pos + 1:,}"
        ) from None
    except RecursionError:
        raise Unusable(Reason.TOO_DEEP) from None
    except ValueError:  # more digits than Python converts
        raise Unusable(Reason.NUMBER) from None
    # Numbers were checked as they were read. Texts can hold what is not to be kept only by an escape, and
    # without so many brackets nothing is nested too deeply: most lines need not be walked through.
    if "\\u" in text or text.count("[") + text.count("{") > MAX_DEPTH:
        check_value(value)
    return value


def write_value(value: Any, *, indent: int | None = None) -> str:
    """A value as a person reads it: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=indent)


def _refuse_constant(name: str) -> NoReturn:
    raise Unusable(Reason.NUMBER, f"{name} is not a number in JSON")


def _read_int(digits: str) -> int:
    value = int(digits)
    if not -_BIGGEST <= value < _BIGGEST:
        raise Unusable(Reason.NUMBER, "a whole number beyond 64 bits")
    return value


def _read_float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise Unusable(Reason.NUMBER, "a number beyond 1e308")
    return value


_decode = json.JSONDecoder(
    parse_constant=_refuse_constant, parse_int=_read_int, parse_float=_read_float
).decode


def check_value(value: Any, depth: int = 0) -> None:
    """Raise `Unusable` for what PostgreSQL, or a later reader of the export, could not hold."""
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        if not -_BIGGEST <= value < _BIGGEST:
            raise Unusable(Reason.NUMBER, "a whole number beyond 64 bits")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise Unusable(Reason.NUMBER, "a number beyond 1e308")
    elif depth == MAX_DEPTH:
        raise Unusable(Reason.TOO_DEEP)
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_text(key)
            check_value(inner, depth + 1)
    else:
        for inner in value:
            check_value(inner, depth + 1)


def _check_text(text: str) -> None:
    if "\0" in text:
        raise Unusable(Reason.NUL)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Unusable(Reason.HALF_CHARACTER, "a surrogate without its other half") from None
