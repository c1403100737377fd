"""The ZIP file that is never built, read by a reader that knows nothing of it."""

import io
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.datasets.snapshots import zip_layout
from apps.datasets.snapshots.zip_layout import ZipEntry, lay_out

names = st.text("aZ0é你😀 .-", min_size=1, max_size=12)
Contents = dict[str, bytes]


def build(contents: Contents) -> bytes:
    entries = [ZipEntry(path, len(content), zlib.crc32(content)) for path, content in contents.items()]
    stretches = lay_out(entries)
    found = [contents[one.path] if one.content is None else one.content for one in stretches]
    assert [len(one) for one in found] == [one.length for one in stretches]
    return b"".join(found)


def check(contents: Contents) -> None:
    with zipfile.ZipFile(io.BytesIO(build(contents))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == contents
        assert {entry.date_time for entry in archive.infolist()} <= {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in archive.infolist()} <= {0o100644}


@given(st.dictionaries(names, st.binary(max_size=300), max_size=6))
def test_it_holds_what_went_in(contents: Contents) -> None:
    check(contents)


@pytest.mark.parametrize(
    ("sizes", "limit"),
    [((10, 200, 5), 100), ((60, 60, 60), 100), ((5, 5), 30)],  # a large file; a far place; a far directory
)
def test_what_is_too_large_for_its_field_is_said_in_zip64(
    sizes: tuple[int, ...], limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a limit that a test reaches; readers obey the fields, whatever they hold."""
    monkeypatch.setattr(zip_layout, "is_too_large", make_rule(limit))
    check({f"{number}.bin": bytes([number]) * size for number, size in enumerate(sizes)})


def make_rule(limit: int) -> Callable[[int], bool]:
    return lambda value: value >= limit


def test_more_entries_than_two_bytes_count(monkeypatch: pytest.MonkeyPatch) -> None:
    contents = {f"{number}": b"" for number in range(65_536)}
    with zipfile.ZipFile(io.BytesIO(build(contents))) as archive:
        assert len(archive.namelist()) == 65_536


def test_a_terabyte_is_laid_out_without_being_there() -> None:
    stretches = lay_out([ZipEntry("a", 1 << 40, 0), ZipEntry("b", 3, 0)])
    assert sum(one.length for one in stretches) > 1 << 40
    assert sum(len(one.content or b"") for one in stretches) < 1000
