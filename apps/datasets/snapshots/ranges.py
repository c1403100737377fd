"""Which bytes of a file a request asks for (RFC 9110, sections 13 and 14)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

ONE_RANGE = re.compile(r"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*\Z", re.ASCII)


@dataclass(frozen=True)
class Wanted:
    """Bytes from `start` to before `stop`; `status` is 200, 206, 304 or 416."""

    status: int
    start: int = 0
    stop: int = 0


def read_range(headers: Mapping[str, str], *, length: int, etag: str) -> Wanted:
    """What to send of so many bytes whose tag, in its quotes, is `etag`.

    Several ranges at once, and what is no range, are answered with the whole, as the RFC allows.
    """
    whole = Wanted(200, 0, length)
    if _names(headers.get("If-None-Match", ""), etag):
        return Wanted(304)
    match = ONE_RANGE.match(headers.get("Range", ""))
    if match is None or match.group(1) == match.group(2) == "":
        return whole
    if headers.get("If-Range", etag) != etag:
        return whole  # the reader has the beginning of something else
    first, last = match.groups()
    start = int(first) if first else max(length - int(last), 0)
    stop = min(int(last) + 1, length) if first and last else length
    if first and last and int(last) < int(first):
        return whole
    if start >= length or (not first and int(last) == 0):
        return Wanted(416)
    return Wanted(206, start, stop)


def _names(tags: str, etag: str) -> bool:
    known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    return etag in known or "*" in known
