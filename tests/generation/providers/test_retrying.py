from collections.abc import Iterator

import pytest

from apps.generation.providers.base import Completion, Outcome
from apps.generation.providers.errors import KeyRefusedError, RateLimitedError, ServerFailedError
from apps.generation.providers.retrying import Patience, try_again
from tests.generation.providers.loops import run_apart

DONE = Completion("text", 1, 1, 1, "stop", "", 1)


def attempts(*outcomes: Outcome) -> Iterator[Outcome]:
    return iter(outcomes)


def run(
    *outcomes: Outcome, jitter: float = 1.0, patience: Patience | None = None
) -> tuple[Outcome, list[float]]:
    queue = attempts(*outcomes)
    waits: list[float] = []

    async def attempt() -> Outcome:
        return next(queue)

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    trying = try_again(attempt, patience=patience or Patience(), sleep=sleep, jitter=lambda: jitter)
    return run_apart(trying), waits


def test_an_answer_needs_no_patience() -> None:
    assert run(DONE) == (DONE, [])


def test_waits_double() -> None:
    fault = ServerFailedError()
    assert run(fault, fault, fault, DONE) == (DONE, [1.0, 2.0, 4.0])


@pytest.mark.parametrize(("jitter", "wait"), [(0.0, 0.5), (0.5, 0.75), (1.0, 1.0)])
def test_waits_are_scattered(jitter: float, wait: float) -> None:
    assert run(ServerFailedError(), DONE, jitter=jitter)[1] == [wait]


def test_waits_have_a_bound() -> None:
    faults = [ServerFailedError()] * 9
    assert run(*faults, DONE, patience=Patience(tries=10))[1][-1] == 20.0


def test_the_last_error_is_the_outcome() -> None:
    faults = [ServerFailedError(str(number)) for number in range(4)]
    outcome, waits = run(*faults)
    assert outcome is faults[-1]
    assert len(waits) == 3


def test_what_cannot_pass_is_not_tried_again() -> None:
    assert isinstance(run(KeyRefusedError(), DONE)[0], KeyRefusedError)


def test_the_server_says_when() -> None:
    assert run(RateLimitedError(retry_after=4), DONE)[1] == [4]


def test_a_wait_that_is_asked_for_is_never_cut_short() -> None:
    assert run(RateLimitedError(retry_after=0.1), DONE)[1] == [1.0]


def test_too_long_a_wait_is_not_begun() -> None:
    outcome, waits = run(RateLimitedError(retry_after=6), DONE)
    assert isinstance(outcome, RateLimitedError)
    assert not waits
