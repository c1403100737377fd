import threading
import time
from collections.abc import Callable

import pytest
from django.db import OperationalError

from apps.core.renewing import keep_renewing


class Renewal:
    """Gives one answer after the other, the last one for ever."""

    def __init__(self, *answers: object) -> None:
        self._answers = list(answers)
        self.calls = 0

    def __call__(self) -> object:
        self.calls += 1
        answer = self._answers[min(self.calls, len(self._answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.002)


def test_it_renews_while_the_body_works_and_not_after() -> None:
    renew = Renewal(True)
    with keep_renewing(renew, what="work", beat=0.001):
        wait_until(lambda: renew.calls >= 3)
    calls = renew.calls
    time.sleep(0.02)
    assert renew.calls == calls


@pytest.mark.parametrize("answer", [True, None, 0])  # a number of rows is no refusal
def test_only_false_ends_it(answer: object) -> None:
    renew = Renewal(answer, answer, False)
    with keep_renewing(renew, what="work", beat=0.001):
        wait_until(lambda: renew.calls == 3)
        time.sleep(0.02)
    assert renew.calls == 3


def test_a_database_that_is_away_is_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    renew = Renewal(OperationalError("gone"), True)
    with keep_renewing(renew, what="import 7", beat=0.001):
        wait_until(lambda: renew.calls >= 2)
    assert "The claim on import 7 could not be renewed; trying again." in caplog.messages


def test_an_error_of_the_body_ends_it_and_goes_on() -> None:
    with pytest.raises(KeyError), keep_renewing(Renewal(True), what="work", beat=0.001):
        raise KeyError
    assert not [thread for thread in threading.enumerate() if thread.name == "claims"]
