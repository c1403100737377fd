"""What an item's questions are about, as they read it."""

from collections.abc import Sequence

from apps.projects.questions.results import Subject, Texts
from apps.rating.models import Item


def get_subject(*, item: int, uids: Sequence[str]) -> Subject:
    """The item's responses by `uids`; the texts are read from the database when a question asks for them."""
    return Subject(uids, load=lambda: _read_texts(item))


def read_passages(*, item: int) -> list[dict[str, str]]:
    """The passages that came with the item's prompt."""
    return Item.objects.select_related("prompt").get(pk=item).prompt.passages


def _read_texts(item: int) -> Texts:
    stored = Item.objects.select_related("prompt").get(pk=item)
    responses = stored.responses.values_list("uid", "text")
    return Texts(
        prompt=stored.prompt.messages[-1]["content"],
        responses={str(uid): text for uid, text in responses},
        passages=stored.prompt.passages,
    )
