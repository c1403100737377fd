import numpy as np

from apps.prompts.clustering.parts import Joined


def test_clusters_that_are_there_are_never_joined() -> None:
    joined = Joined(np.array([3, 4, 0]))
    assert joined.join(0, 2)
    assert not joined.join(1, 2)
    assert not joined.join(0, 1)
