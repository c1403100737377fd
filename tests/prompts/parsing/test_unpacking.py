"""gzip: any cut of the chunks, several members, and small files that would fill a disk."""

import gzip
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.prompts.parsing import unpacking
from apps.prompts.parsing.unpacking import BrokenPackingError, TooMuchUnpackedError, unpack_gzip

LIMIT = 10**9


def unpack(content: bytes, size: int = 100, limit: int = LIMIT) -> bytes:
    chunks = [content[at : at + size] for at in range(0, len(content), size)]
    return b"".join(unpack_gzip(chunks, limit=limit))


@given(
    members=st.lists(st.binary(max_size=300), min_size=1, max_size=3),
    size=st.integers(1, 50),
    pad=st.integers(0, 3),
)
def test_what_was_packed_comes_out(members: list[bytes], size: int, pad: int) -> None:
    content = b"".join(map(gzip.compress, members)) + b"\0" * pad
    assert unpack(content, size) == b"".join(members)


@given(cut=st.integers(3, 60))
def test_a_file_that_was_cut_off_is_no_whole_one(cut: int) -> None:
    content = gzip.compress(bytes(range(256)) * 4)
    with pytest.raises(BrokenPackingError, match="ends in the middle"):
        unpack(content[: len(content) - cut])


def test_a_damaged_file() -> None:
    content = bytearray(gzip.compress(b"some text that is long enough to be damaged" * 9))
    content[20:30] = b"\xff" * 10
    with pytest.raises(BrokenPackingError, match="damaged"):
        unpack(bytes(content))


def test_a_bomb_is_stopped_in_flat_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "GRACE", 1_000_000)
    bomb = gzip.compress(b"\n" * 50_000_000)
    tracemalloc.start()
    out: list[int] = []
    with pytest.raises(TooMuchUnpackedError, match="more than 250 times its size"):
        out.extend(len(piece) for piece in unpack_gzip([bomb], limit=LIMIT))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(out) < 20_000_000
    assert peak < 3_000_000


def test_the_limit_holds_for_honest_files_too() -> None:
    with pytest.raises(TooMuchUnpackedError, match="unpacks to more than"):
        unpack(gzip.compress(bytes(range(256)) * 10), limit=1000)
