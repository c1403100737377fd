import pytest

from apps.datasets.behind import Behind


def test_things_are_done_in_their_order_and_what_one_raises_is_raised() -> None:
    done: list[object] = []

    def work(what: object) -> None:
        if what is None:
            raise OSError("the disk is full")
        done.append(what)

    behind = Behind()
    for what in (1, 2, None):
        behind.do(work, what)
    with pytest.raises(OSError, match="full"):
        behind.finish()
    behind.do(work, 3)
    behind.finish()
    behind.close()
    assert done == [1, 2, 3]
