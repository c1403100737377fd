from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from apps.datasets.models import FrozenSplit
from tests.factories import PromptFactory


@pytest.fixture
def pins() -> Any:
    """The table of before; the newest is there again afterwards."""
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes("datasets")
    executor.migrate([("datasets", "0001_initial")])
    yield executor.loader.project_state([("datasets", "0001_initial")]).apps.get_model(
        "datasets", "PinnedSplit"
    )
    MigrationExecutor(connection).migrate(newest)


@pytest.mark.django_db(transaction=True)
def test_what_was_pinned_is_frozen(pins: Any) -> None:
    prompts = [PromptFactory() for _ in range(2)]
    for prompt, split in zip(prompts, ("train", "test"), strict=True):
        pins.objects.create(prompt_id=prompt.pk, split=split)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("datasets"))
    frozen = dict(FrozenSplit.objects.values_list("prompt", "split"))
    assert frozen == {prompts[0].pk: "train", prompts[1].pk: "test"}
