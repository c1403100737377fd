"""Which response stands where: random, yet balanced for each rater."""

import random
from functools import lru_cache
from uuid import UUID


def shuffle_positions(*, count: int, lease_number: int, seed: UUID) -> list[int]:
    """The positions 0 … `count`-1 in the order in which they are shown from left to right.

    Leases come in blocks of 2 × `count`. In a block every response stands in every place twice: the
    orders are the rotations of one random order, each used twice, in random sequence (a cyclic Latin
    square, see Cochran & Cox, Experimental Designs, ch. 4). So no rater sees a response's position more
    often on one side than `count` leases can explain, and nobody can foresee the next.

    Args:
        count: how many responses the item has.
        lease_number: 0 for the rater's first lease in the project, then 1, 2, …
        seed: the rater's own, constant.
    """
    if count < 2:
        return [*range(count)]
    block, place = divmod(lease_number, 2 * count)
    base, rotations = _shuffle_block(count, block, seed)
    turn = rotations[place]
    return base[turn:] + base[:turn]


@lru_cache(maxsize=10_000)
def _shuffle_block(count: int, block: int, seed: UUID) -> tuple[list[int], list[int]]:
    """A block's order, and by how much it is rotated at each of its leases."""
    rng = random.Random(f"{seed}:{count}:{block}")  # noqa: S311 — a shuffle, no secret
    base = rng.sample(range(count), count)
    rotations = [*range(count), *range(count)]
    rng.shuffle(rotations)
    return base, rotations
