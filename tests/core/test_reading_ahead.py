import threading
from collections.abc import Iterator

import pytest

from apps.core.reading_ahead import read_ahead


def test_the_same_in_the_same_order() -> None:
    with read_ahead(range(100)) as parts:
        assert list(parts) == list(range(100))


def test_what_breaks_is_told_where_it_would_have_been_taken() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    with read_ahead(broken()) as parts:
        assert next(parts) == 1
        with pytest.raises(ValueError, match="broken"):
            next(parts)


def test_leaving_ends_the_thread_and_no_more_is_read() -> None:
    taken: list[int] = []

    def count() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    before = threading.active_count()
    with read_ahead(count()) as parts:
        next(parts)
    assert threading.active_count() == before
    assert len(taken) <= 4
