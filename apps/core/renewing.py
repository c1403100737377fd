"""Holding on to claimed work while it is done."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)


@contextmanager
def keep_renewing(renew: Callable[[], object], *, what: str, beat: float) -> Iterator[None]:
    """Call `renew` every `beat` seconds while the body works, until it returns False.

    A thread calls it, on its own connection: the body may sit in one call for minutes. A database that is
    away is asked again with the next beat.

    Args:
        what: names the work where a renewal fails, for the log.
    """
    done = threading.Event()
    thread = threading.Thread(target=_renew_until, args=(done, renew, what, beat), name="claims", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _renew_until(done: threading.Event, renew: Callable[[], object], what: str, beat: float) -> None:
    try:
        while not done.wait(beat):
            try:
                if renew() is False:
                    return
            except DatabaseError:
                logger.warning("The claim on %s could not be renewed; trying again.", what)
                connection.close()
    finally:
        connection.close()
