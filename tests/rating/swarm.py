"""People at a real server who rate as people do: some crash, skip, vanish, click twice, come back late."""

import random
import threading
import time
from collections.abc import Callable, Sequence

from benchmarks.clients import LEASE
from tests.rating.browsers import ANSWERS, Browser, Clock

DONE = b"All items are done"
MISCHIEF = 4  # moves of one person that are not simply an answer


class Person(Browser):
    """One rater, with an own way to begin; `sessions` are those of two browsers.

    Who `is_picky` skips what they get, as long as they may.
    """

    is_picky = False

    def __init__(self, port: int, sessions: Sequence[str], slug: str, clock: Clock, seed: int) -> None:
        super().__init__(port, sessions[0], slug)
        self.other = Browser(port, sessions[1], slug)
        self.clock, self.rng, self.turns = clock, random.Random(seed), seed
        self.mischief, self.is_done = MISCHIEF, False

    def rate(self, seconds: float) -> None:
        """Go on until all is done; whoever finds nothing for them looks again."""
        end, pause = time.monotonic() + seconds, 0.1
        while time.monotonic() < end and not self.is_done:
            self.open()
            if LEASE.search(self.page):
                self.move()
                pause = 0.1
            elif DONE in self.page:
                self.is_done = True
            else:
                time.sleep(pause)
                pause = min(1.0, 1.5 * pause)
        self.connection.close()
        self.other.connection.close()

    def move(self) -> None:
        self.turns += 1
        if self.mischief == 0 or (self.rng.random() < 0.3 and not self.is_picky):
            self.answer()
            return
        self.mischief -= 1
        act = Person.skip if self.is_picky else MOVES[self.turns % len(MOVES)]
        act(self)

    # --- what one may do with an item ---
    def answer_twice(self) -> None:
        page = self.page
        self.answer()
        self.page = page
        self.answer()

    def skip(self) -> None:
        self.act("skip", "reason=other")

    def hang_up(self) -> None:
        """Send the whole answer and go before the server's comes."""
        self.drop(ANSWERS)

    def break_off(self) -> None:
        """Lose the connection in the last words of the answer."""
        self.drop(ANSWERS[:-4])

    def vanish(self) -> None:
        self.clock.run_out(self.lease)

    def answer_late(self) -> None:
        self.vanish()
        time.sleep(self.rng.uniform(0, 0.4))
        self.answer()

    def change_browser(self) -> None:
        """The lease is there too, unless its time was over; both pages answer, one after the other."""
        self.other.open()
        self.other.answer()
        self.answer()

    def use_two_tabs(self) -> None:
        """Both show the item, one answers it and the other skips or answers, at the same moment."""
        self.other.page = self.page
        tab = threading.Thread(target=self.other.answer)
        tab.start()
        if self.rng.random() < 0.5:
            self.act("skip", "reason=language", 409)
        else:
            self.answer()
        tab.join()

    # --- how ---
    @property
    def lease(self) -> str:
        found = LEASE.search(self.page)
        assert found is not None
        return found[1].decode()

    def drop(self, body: str) -> None:
        """Announce a whole answer, send this, and close the connection."""
        self.connection.putrequest("POST", f"{self.base}{self.lease}/submit")
        for name, value in {**self.headers, "Content-Length": str(len(ANSWERS))}.items():
            self.connection.putheader(name, value)
        self.connection.endheaders(body.encode())
        self.connection.close()


MOVES: tuple[Callable[[Person], None], ...] = (
    Person.answer_twice,
    Person.skip,
    Person.hang_up,
    Person.vanish,
    Person.break_off,
    Person.answer_late,
    Person.use_two_tabs,
    Person.change_browser,
)
