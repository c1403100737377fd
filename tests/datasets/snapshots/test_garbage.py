"""Cycles are left alone for a while, and no longer."""

import gc

import pytest

from apps.datasets.snapshots.garbage import without_collecting


def test_cycles_are_looked_for_again_afterwards() -> None:
    def break_off() -> None:
        with without_collecting():
            assert not gc.isenabled()
            raise ZeroDivisionError

    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError):
        break_off()
    assert gc.isenabled()
