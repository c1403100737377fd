"""The pictures are taken by hand; that they can be taken is tested."""

import pytest

from apps.rating.allocation import claim_next
from apps.rating.models import Annotation
from tests.screenshots.answers import SHOWCASE, read_showcase
from tests.screenshots.sample import A_DAY, DAYS, fill_sample


@pytest.mark.django_db
def test_the_sample_is_in_the_middle_of_its_work() -> None:
    sample = fill_sample()
    annotations = Annotation.objects.filter(item__project=sample.project)
    assert annotations.count() == DAYS * A_DAY
    assert len(set(annotations.values_list("created_at__date", flat=True))) >= DAYS - 1
    lease = claim_next(project=sample.project, rater=sample.rater)
    assert lease is not None
    assert lease.item.prompt.last_message == SHOWCASE
    # What the pressed key chooses is the better response, which stands on the left.
    left = lease.item.slots.get(position=lease.shown_order[0]).response
    assert left.text.strip() == read_showcase()[0].strip()
