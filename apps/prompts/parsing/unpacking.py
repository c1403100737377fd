"""gzip as a stream: little in, little out, and an end to what a small file may unpack to."""

import zlib
from collections.abc import Iterable, Iterator

from apps.core.errors import InvalidInputError

MAGIC = b"\x1f\x8b"
STEP = 262_144
# Text packs to a third or a tenth; even lines that hardly differ stay under a hundredth.
MOST_TIMES, GRACE = 250, 64 * 1024 * 1024


class BrokenPackingError(InvalidInputError):
    """What is packed cannot be unpacked to its end."""

    code = "broken_packing"


class TooMuchUnpackedError(InvalidInputError):
    code = "too_much_unpacked"


def unpack_gzip(chunks: Iterable[bytes], *, limit: int) -> Iterator[bytes]:
    """The unpacked bytes, of one gzip member or several, at most `STEP` at a time.

    Raises:
        BrokenPackingError: it is cut off or damaged.
        TooMuchUnpackedError: more than `limit` bytes come out, or far more than text could have been.
    """
    packed = unpacked = 0
    member = zlib.decompressobj(wbits=31)
    begun = False
    for chunk in chunks:
        packed += len(chunk)
        rest = chunk
        # Behind a member there may be padding, as tapes leave it.
        while rest := rest if begun else rest.lstrip(b"\0"):
            begun = True
            piece = _unpack(member, rest)
            unpacked += len(piece)
            if unpacked > limit or (unpacked > GRACE and unpacked > packed * MOST_TIMES):
                raise TooMuchUnpackedError(_say_too_much(packed, unpacked, limit))
            if piece:
                yield piece
            rest = member.unconsumed_tail or member.unused_data
            if member.eof:
                member, begun = zlib.decompressobj(wbits=31), False
    if begun:
        raise BrokenPackingError(
            "The gzip file ends in the middle: it was cut off on its way. What came in before is kept. "
            "Pack it again and import it; what is here already is never added twice."
        )


def _unpack(member: "zlib._Decompress", chunk: bytes) -> bytes:
    try:
        return member.decompress(chunk, STEP)
    except zlib.error:
        raise BrokenPackingError(
            "The gzip file is damaged and cannot be unpacked any further. What came in before is kept. "
            "Pack it again and import it; what is here already is never added twice."
        ) from None


def _say_too_much(packed: int, unpacked: int, limit: int) -> str:
    if unpacked > limit:
        what = f"unpacks to more than {limit / 1e9:,.0f} GB"
    else:
        what = f"unpacks to more than {MOST_TIMES} times its size, which no text does"
    return (
        f"The gzip file {what}, so reading it was stopped. What came in before is kept. "
        "Split it into files that hold prompts only."
    )
