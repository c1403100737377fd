"""Every way to make one answer of several, by name."""

from apps.quality.aggregation import majority, mean_strength, median, per_rater, three_most_similar
from apps.quality.aggregation.base import Aggregation

_MODULES: tuple[Aggregation, ...] = (majority, mean_strength, median, three_most_similar, per_rater)
AGGREGATIONS: dict[str, Aggregation] = {module.NAME: module for module in _MODULES}
