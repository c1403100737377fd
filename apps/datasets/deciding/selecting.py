"""Which items and answers a recipe reads."""

from apps.datasets.deciding.reasons import Reason
from apps.datasets.evidence import Ballot, ItemFacts, PromptFacts
from apps.datasets.recipes.answers import Answers
from apps.prompts.models import PromptStatus
from apps.rating.models import ItemKind, Origin


class Selector:
    """A recipe's filter, prepared once and asked of every item.

    Args:
        wanted: the filter.
        only, without: the pseudonyms of the raters that it names; nothing here knows who they are.
    """

    def __init__(self, wanted: Answers, *, only: frozenset[str], without: frozenset[str]) -> None:
        self._wanted = wanted
        self._only, self._without = only, without
        # As ballots write theirs, in UTC: the texts are in the order of the times.
        self._since = wanted.since.isoformat(timespec="microseconds") if wanted.since else ""
        self._until = wanted.until.isoformat(timespec="microseconds") if wanted.until else ""
        self._wants_raters = Origin.RATER in wanted.origins
        self._takes_all = not (only or without or self._since or self._until or wanted.guideline_from > 1)

    def refuse_prompt(self, prompt: PromptFacts) -> Reason | None:
        wanted = self._wanted
        if prompt.status != PromptStatus.APPROVED:
            if prompt.status != PromptStatus.RETIRED:
                return Reason.UNAPPROVED
            if wanted.retired == "leave_out":
                return Reason.RETIRED
        if wanted.categories and (prompt.category or "") not in wanted.categories:
            return Reason.CATEGORY
        if wanted.languages and prompt.language not in wanted.languages:
            return Reason.LANGUAGE
        return None

    def refuse_item(self, item: ItemFacts) -> Reason | None:
        """Why none of its answers is read, whatever they say."""
        wanted = self._wanted
        if item.kind not in wanted.item_kinds:
            return Reason.KIND
        if wanted.rubrics and item.rubric not in wanted.rubrics:
            return Reason.RUBRIC
        return None

    def narrow(self, item: ItemFacts) -> ItemFacts:
        """The item with the answers that count here."""
        if all(map(self._takes, item.ballots)):
            return item
        return item._replace(ballots=tuple(filter(self._takes, item.ballots)))

    def _takes(self, ballot: Ballot) -> bool:
        if ballot.origin not in self._wanted.origins:
            return False
        if self._takes_all:
            return True
        if ballot.rater in self._without or (self._only and ballot.rater not in self._only):
            return False
        if (self._since and ballot.at < self._since) or (self._until and ballot.at >= self._until):
            return False
        return ballot.guideline is None or ballot.guideline >= self._wanted.guideline_from

    def refuse_answers(self, item: ItemFacts) -> Reason | None:
        """Why those that are left are too few."""
        if not item.ballots:
            return Reason.FILTERED
        # Whether an item is complete goes by raters' answers, so it says nothing of others.
        wants_all = self._wanted.complete_only and self._wants_raters and item.kind == ItemKind.ORDINARY
        if wants_all and not item.is_complete:
            return Reason.INCOMPLETE
        least = self._wanted.min_raters
        if least > 1 and len({ballot.rater for ballot in item.ballots}) < least:
            return Reason.FEW_RATERS
        return None
