import pytest

from apps.datasets.snapshots.ranges import Wanted, read_range

TAG = '"abc"'


def ask(length: int = 1000, **headers: str) -> Wanted:
    return read_range(
        {name.replace("_", "-"): value for name, value in headers.items()}, length=length, etag=TAG
    )


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-499", 0, 500),
        ("bytes=500-", 500, 1000),
        ("bytes=999-5000", 999, 1000),
        ("bytes=-1", 999, 1000),
        ("bytes=-5000", 0, 1000),
        ("bytes= 10-20 ", 10, 21),
    ],
)
def test_a_range_is_sent(asked: str, start: int, stop: int) -> None:
    assert ask(Range=asked) == Wanted(206, start, stop)


@pytest.mark.parametrize("asked", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_what_lies_behind_the_end_is_refused(asked: str) -> None:
    assert ask(Range=asked).status == 416


@pytest.mark.parametrize(
    "asked",
    ["", "bytes", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes=٣-"],
)
def test_what_is_no_single_range_gives_the_whole(asked: str) -> None:
    assert ask(Range=asked) == Wanted(200, 0, 1000)


@pytest.mark.parametrize(
    ("condition", "status"),
    [(TAG, 206), ('"other"', 200), (f"W/{TAG}", 200), ("Sat, 01 Jan 2000 00:00:00 GMT", 200)],
)
def test_a_range_of_something_else_is_not_sent(condition: str, status: int) -> None:
    assert ask(Range="bytes=5-", If_Range=condition).status == status


@pytest.mark.parametrize("tags", [TAG, f'"x", {TAG}', "*", f"W/{TAG}"])
def test_who_has_it_gets_nothing(tags: str) -> None:
    assert ask(If_None_Match=tags).status == 304
    assert ask(If_None_Match='"x"').status == 200


def test_an_empty_file_has_no_range() -> None:
    assert ask(length=0, Range="bytes=0-").status == 416
    assert ask(length=0) == Wanted(200, 0, 0)
