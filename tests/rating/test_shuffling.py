from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from apps.rating.shuffling import shuffle_positions

SEED = UUID(int=7)


@given(count=st.integers(1, 9), block=st.integers(0, 50), seed=st.uuids())
def test_in_a_block_every_response_stands_in_every_place_twice(count: int, block: int, seed: UUID) -> None:
    orders = [
        shuffle_positions(count=count, lease_number=block * 2 * count + place, seed=seed)
        for place in range(2 * count)
    ]
    seen = Counter((place, response) for order in orders for place, response in enumerate(order))
    assert seen == {(place, response): 2 for place in range(count) for response in range(count)}


@given(count=st.integers(1, 9), number=st.integers(0, 10_000), seed=st.uuids())
def test_the_same_lease_has_the_same_order(count: int, number: int, seed: UUID) -> None:
    first, again = (shuffle_positions(count=count, lease_number=number, seed=seed) for _ in range(2))
    assert first == again


def test_orders_differ_between_raters() -> None:
    orders = {
        tuple(tuple(shuffle_positions(count=2, lease_number=n, seed=UUID(int=i))) for n in range(12))
        for i in range(20)
    }
    assert len(orders) == 20


def test_a_rater_cannot_foresee_the_sides_of_the_next_block() -> None:
    blocks = {
        tuple(tuple(shuffle_positions(count=2, lease_number=4 * b + n, seed=SEED)) for n in range(4))
        for b in range(60)
    }
    assert len(blocks) == 6  # all arrangements of two and two occur
