"""A recipe made ready to be asked of a project: the one way for page, API, snapshot and command."""

import hmac
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from apps.datasets.deciding.harvest import Harvest, Harvester
from apps.datasets.deciding.scales import Scales, find_scales
from apps.datasets.deciding.screening import Screen, Words
from apps.datasets.deciding.selecting import Selector
from apps.datasets.deciding.splitting import Splitter
from apps.datasets.evidence import Ballot, ItemFacts
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Need
from apps.datasets.formats.material import NOTHING, Material, Remark, list_responses
from apps.datasets.held_out import find_held_out
from apps.datasets.keys import Pseudonyms
from apps.datasets.models import Erasure, Recipe
from apps.datasets.overlap.late import LateCheck
from apps.datasets.reading.reader import Reader
from apps.datasets.recipes.checking import list_rubrics
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.tally import Tally
from apps.projects.models import Project
from apps.projects.questions.base import Question
from apps.projects.rubrics import RubricDocument
from apps.prompts.personal_data.configuring import read_settings


@dataclass(frozen=True)
class Plan:
    """Everything that the database has to be asked once; see `prepare`."""

    project: Project
    recipe: RecipeDocument
    needs: frozenset[Need]
    pseudonyms: Pseudonyms
    selector: Selector
    splitter: Splitter
    screen: Screen
    scales: Scales
    rubrics: Mapping[int, RubricDocument]
    held_out: int | None
    late: LateCheck | None = None  # for who cannot wait until new prompts are compared with the list

    def begin_tally(self) -> Tally:
        """What is looked for stands in it, though nothing of it be found."""
        return Tally(formats=self.recipe.formats, found=Counter(dict.fromkeys(self.screen.kinds, 0)))

    @property
    def harvester(self) -> Harvester:
        return Harvester(
            self.recipe,
            selector=self.selector,
            splitter=self.splitter,
            screen=self.screen,
            needs=self.needs,
            scales=self.scales,
        )


def prepare(project: Project, document: RecipeDocument, *, recipe: Recipe | None = None) -> Plan:
    """`recipe` keys the pseudonyms; one that is not saved yet has those of the project."""
    pseudonyms = make_pseudonyms(project, recipe)
    rubrics = list_rubrics(project)
    answers = document.answers
    return Plan(
        project=project,
        recipe=document,
        needs=frozenset(FORMATS[name].NEED for name in document.formats),
        pseudonyms=pseudonyms,
        selector=Selector(
            answers,
            only=_name(answers.only_raters, pseudonyms),
            without=_name([*answers.without_raters, *_list_erased(project)], pseudonyms),
        ),
        splitter=Splitter(project.secret.bytes, document.splits),
        screen=Screen(
            document.personal_data, read_settings(project=project).read_rules(), _list_words(rubrics)
        ),
        scales=Scales(
            labels=find_scales(rubrics, document.labels.question, answers.rubrics),
            lessons=find_scales(rubrics, document.lessons.question, answers.rubrics),
        ),
        rubrics=rubrics,
        held_out=listed.pk if (listed := find_held_out(project, document.held_out)) else None,
    )


def compare_late(plan: Plan) -> Plan:
    """The plan under which prompts that came in since the held-out list was compared are compared, too.

    Call it inside the moment that rows are made of.
    """
    if plan.held_out is None:
        return plan
    find_held_out(plan.project, plan.recipe.held_out)  # somebody may have removed it since the plan was made
    return replace(plan, late=LateCheck(plan.held_out, plan.recipe.held_out.words))


def make_pseudonyms(project: Project, recipe: Recipe | None) -> Pseudonyms:
    """Those of everything that this recipe makes."""
    return Pseudonyms(
        hmac.digest(project.secret.bytes, f"recipe:{recipe.uid if recipe else ''}".encode(), "sha256")
    )


def iterate_harvests(plan: Plan) -> Iterator[list[Harvest]]:
    """What every prompt with answers gives, part after part. Read inside `one_moment`."""
    harvester = plan.harvester
    for part in open_reader(plan).iterate():
        yield [harvester.harvest(evidence) for evidence in part]


def iterate_materials(plan: Plan) -> Iterator[list[Material]]:
    """The same with its texts; prompts that stay out come too, since they are counted."""
    harvester, remarks = plan.harvester, RemarkReader(plan.rubrics)
    reader = open_reader(plan, answers=True)
    for part in reader.iterate():
        yield make_materials(plan, reader, [harvester.harvest(evidence) for evidence in part], remarks)


def make_materials(
    plan: Plan, reader: Reader, harvests: Sequence[Harvest], remarks: "RemarkReader"
) -> list[Material]:
    """What rows are made of, with the texts that they need."""
    everything = Need.ANSWERS in plan.needs
    conversations = reader.read_conversations([harvest.prompt.id for harvest in harvests])
    wanted = {response for harvest in harvests for response in list_responses(harvest, everything=everything)}
    texts = reader.read_texts(list(wanted))
    return [Material(harvest, *conversations[harvest.prompt.id], texts, remarks.read) for harvest in harvests]


def open_reader(plan: Plan, *, answers: bool = False) -> Reader:
    """Of stored answers comes what has to be screened; with `answers` also what rows quote."""
    asked = [question for rubric in plan.rubrics.values() for question in rubric.questions]
    quoted = {question.key for question in asked if question.writes or (answers and _speaks(question))}
    return Reader(
        plan.project,
        plan.pseudonyms,
        held_out=plan.held_out,
        held_out_words=plan.recipe.held_out.words,
        answers=answers and Need.ANSWERS in plan.needs,
        quoted=sorted(quoted),
        late=plan.late,
    )


class RemarkReader:
    """Reads reasons and words out of stored answers, under the rubric that asked for them."""

    def __init__(self, rubrics: Mapping[int, RubricDocument]) -> None:
        self._rubrics = rubrics
        self._speaking = {
            version: frozenset(question.key for question in rubric.questions if _speaks(question))
            for version, rubric in rubrics.items()
        }

    def read(self, item: ItemFacts, ballot: Ballot) -> Remark:
        rubric = item.rubric if ballot.rubric is None else ballot.rubric
        if self._speaking[rubric].isdisjoint(ballot.answers):
            return NOTHING
        places = {response.uid: place for place, response in enumerate(item.responses)}
        remarks = list(self._rubrics[rubric].derive_remarks(ballot.answers))
        reasons: dict[int, tuple[str, ...]] = {}
        for remark in remarks:
            if remark.reasons and remark.response:
                place = places[remark.response]
                reasons[place] = reasons.get(place, ()) + remark.reasons
        return Remark(reasons, "\n\n".join(remark.text for remark in remarks if remark.text))


def _speaks(question: Question) -> bool:
    """Whether its answers hold reasons or words that rows quote."""
    return type(question).derive_remarks is not Question.derive_remarks


def _list_words(rubrics: Mapping[int, RubricDocument]) -> Words:
    return {
        version: {one.key: frozenset(one.list_tokens()) for one in rubric.questions if one.writes}
        for version, rubric in rubrics.items()
    }


def _name(raters: Iterable[str], pseudonyms: Pseudonyms) -> frozenset[str]:
    """Pseudonyms of people that a recipe names by uid, or of annotators by the names they came with."""
    return frozenset(
        name for one in raters for name in (pseudonyms.name_rater(one), *pseudonyms.name_everywhere(one))
    )


def _list_erased(project: Project) -> list[str]:
    """Raters whose answers are in no dataset any more."""
    return [
        str(uid)
        for uid in Erasure.objects.filter(project=project).of_raters().values_list("rater", flat=True)
    ]
