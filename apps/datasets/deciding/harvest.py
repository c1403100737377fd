"""What one prompt gives under a recipe, and why the rest of it gives nothing. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from apps.datasets.deciding.labels import Label, find_labels
from apps.datasets.deciding.lessons import Lesson, find_lessons
from apps.datasets.deciding.pairs import Pair, pair_item
from apps.datasets.deciding.ranking import draw_rank
from apps.datasets.deciding.reasons import Reason
from apps.datasets.deciding.scales import Scales
from apps.datasets.deciding.screening import Found, Screen
from apps.datasets.deciding.selecting import Selector
from apps.datasets.deciding.splitting import Splitter
from apps.datasets.evidence import Evidence, ItemFacts, PromptFacts
from apps.datasets.models import Split
from apps.datasets.recipes.document import RecipeDocument


@dataclass(frozen=True, slots=True)
class Harvest:
    """What one prompt gives.

    Attributes:
        split: None where the recipe leaves the whole prompt out.
        items: those with answers that the recipe reads, whether they give rows or not; other answers are
            not in them.
        losses: why an item makes no pair, by its id; those without an answer are not in it.
        found: for every answer with personal data in what its rater wrote, the kinds of it: for those behind
            the rows, or those that keep their items out.
    """

    prompt: PromptFacts
    split: Split | None
    items: tuple[ItemFacts, ...]
    pairs: tuple[Pair, ...]
    lessons: tuple[Lesson, ...]
    labels: tuple[Label, ...]
    losses: Mapping[int, Reason]
    found: tuple[tuple[str, ...], ...] = ()


class Harvester:
    """A recipe, made ready: asked for every prompt in turn.

    Args:
        screen: looks through what raters wrote; nothing past it knows what it masked.
        needs: what the recipe's formats are made of; the rest is not looked for.
        scales: by rubric version the questions whose points are read.
    """

    def __init__(
        self,
        recipe: RecipeDocument,
        *,
        selector: Selector,
        splitter: Splitter,
        screen: Screen,
        needs: Collection[str],
        scales: Scales,
    ) -> None:
        self._recipe = recipe
        self._selector = selector
        self._splitter = splitter
        self._screen = screen
        self._needs = needs
        self._scales = scales

    def harvest(self, evidence: Evidence) -> Harvest:
        prompt = evidence.prompt
        answered = [item for item in evidence.items if item.ballots]
        split = self._refuse(prompt) or self._splitter.find_split(prompt)
        if isinstance(split, Reason):
            losses = {item.id: split for item in answered}
            return Harvest(prompt, None, (), (), (), (), losses)
        return self._harvest_items(prompt, split, answered)

    def _refuse(self, prompt: PromptFacts) -> Reason | None:
        refused = self._selector.refuse_prompt(prompt)
        return Reason.HELD_OUT if refused is None and prompt.is_held_out else refused

    def _harvest_items(self, prompt: PromptFacts, split: Split, answered: Sequence[ItemFacts]) -> Harvest:
        losses: dict[int, Reason] = {}
        items: list[ItemFacts] = []
        usable: list[ItemFacts] = []
        pairs: list[Pair] = []
        found = Found()
        for given in answered:
            item, refused = self._read(given, found)
            if refused is None and item.ballots:
                items.append(item)
            refused = refused or self._selector.refuse_answers(item)
            if refused is not None:
                losses[item.id] = refused
                continue
            usable.append(item)
            made = pair_item(item, self._recipe)
            if isinstance(made, Reason):
                losses[item.id] = made
            else:
                pairs += made
        kept = self._choose(pairs, losses)
        wanted = self._recipe
        scales, needs = self._scales, self._needs
        lessons = (
            find_lessons(usable, kept, pairs, wanted.lessons, scales.lessons) if "lessons" in needs else []
        )
        labels = find_labels(usable, wanted, scales.labels) if "labels" in needs else []
        whole = Harvest(prompt, split, tuple(items), tuple(kept), tuple(lessons), tuple(labels), losses)
        return replace(whole, found=self._choose_found(found, whole)) if found else whole

    def _read(self, item: ItemFacts, found: Found) -> tuple[ItemFacts, Reason | None]:
        """The item with the answers that count here, as they may leave, or why none of them is read."""
        if refused := self._selector.refuse_item(item):
            return item, refused
        narrowed = self._selector.narrow(item)
        screened = self._screen.look(narrowed)
        if screened is None:
            return narrowed, None
        found |= screened.found
        return screened.item, Reason.PERSONAL_DATA if self._screen.leaves_out else None

    def _choose_found(self, found: Found, made: Harvest) -> tuple[tuple[str, ...], ...]:
        """Of the answers behind rows, or, where they are left out, of those."""
        if self._screen.leaves_out:
            return tuple(found.values())
        behind = [(lesson.item, lesson.ballots) for lesson in made.lessons]
        behind += [(label.item, label.ballots) for label in made.labels]
        if "pairs" in self._needs:
            behind += [(pair.item, pair.voters) for pair in made.pairs]
        if "answers" in self._needs:
            behind += [(item, tuple(range(len(item.ballots)))) for item in made.items]
        uids = {item.ballots[number].annotation for item, numbers in behind for number in numbers}
        return tuple(kinds for uid, kinds in found.items() if uid in uids)

    def _choose(self, pairs: list[Pair], losses: dict[int, Reason]) -> list[Pair]:
        """Without what is said twice or both ways, and not more than the recipe takes of one prompt."""
        if len(pairs) < 2:
            return pairs
        kept = self._leave_out_doubles(pairs, losses)
        most = self._recipe.pairs.most_per_prompt
        if most is not None and len(kept) > most:
            drawn = {id(pair) for pair in sorted(kept, key=_draw)[:most]}
            kept = [pair for pair in kept if id(pair) in drawn]
        if len(kept) < len(pairs):
            staying = {pair.item.id for pair in kept}
            for pair in pairs:
                if pair.item.id in staying:
                    losses.pop(pair.item.id, None)
                else:
                    losses.setdefault(pair.item.id, Reason.NOT_PICKED)
        return kept

    def _leave_out_doubles(self, pairs: list[Pair], losses: dict[int, Reason]) -> list[Pair]:
        """Two texts may be compared in several items, and twice in one that has the same text twice."""
        named = [((p.winner.digest, p.loser.digest), (p.item.id, p.chosen, p.rejected)) for p in pairs]
        said: dict[tuple[str, str], tuple[int, int, int]] = {}
        for texts, places in named:
            said.setdefault(texts, places)
        both_ways = self._recipe.pairs.contradictions == "keep"
        kept: list[Pair] = []
        for pair, (texts, places) in zip(pairs, named, strict=True):
            if texts[::-1] in said and not both_ways:
                losses[pair.item.id] = Reason.CONTRADICTED
            elif said[texts] != places:
                losses[pair.item.id] = Reason.REPEATED
            else:
                kept.append(pair)
        return kept


def _draw(pair: Pair) -> bytes:
    return draw_rank(f"{pair.item.uid}:{pair.chosen}:{pair.rejected}")
