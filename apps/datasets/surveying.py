"""One pass over a project that gathers its figures under a recipe."""

from collections import Counter
from collections.abc import Iterator

from apps.datasets.deciding.harvest import Harvest
from apps.datasets.evidence import Evidence
from apps.datasets.figures import Figures, Stock, Stops
from apps.datasets.plan import open_reader, prepare
from apps.datasets.reading.moment import one_moment
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.tally import Tally
from apps.datasets.training_rows import keep_some_to_train
from apps.projects.models import Project

ENDINGS = ("user", "tool")  # roles that an answer can follow


def count_now(project: Project, document: RecipeDocument) -> Figures:
    survey = Survey(document.formats)
    for _ in survey_project(project, document, survey):
        pass
    return survey.finish()


def survey_project(project: Project, document: RecipeDocument, survey: "Survey") -> Iterator[int]:
    """Read the whole project as it is at one moment. After each part comes how many prompts were read."""
    with one_moment():
        plan = keep_some_to_train(prepare(project, document))
        survey.tally, survey.to_train = plan.begin_tally(), plan.splitter.to_train
        harvester, done = plan.harvester, 0
        for prompts, part in open_reader(plan).iterate_parts():
            for evidence in part:
                survey.add(evidence, harvester.harvest(evidence))
            done += len(prompts)
            yield done
        survey.tally.waiting = project.items.asked().with_room().filter(counted=0).count()


class Survey:
    """Gathers figures, prompt after prompt."""

    def __init__(self, formats: tuple[str, ...]) -> None:
        self.tally = Tally(formats=formats)
        self.to_train: frozenset[str] = frozenset()
        self._origins: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self._rubrics: Counter[int] = Counter()
        self._guidelines: Counter[int] = Counter()
        self._categories: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._sizes: Counter[int] = Counter()
        self._raters: Counter[int] = Counter()
        self._agreement: Counter[float] = Counter()
        self._strength: Counter[float] = Counter()
        self._unanswerable = 0

    def add(self, evidence: Evidence, harvest: Harvest) -> None:
        self.tally.add(harvest)
        prompt = evidence.prompt
        for item in evidence.items:
            if not item.ballots:
                continue
            self._kinds[item.kind] += 1
            self._rubrics[item.rubric] += 1
            self._categories[prompt.category or ""] += 1
            self._languages[prompt.language] += 1
            self._sizes[len(item.responses)] += 1
            for ballot in item.ballots:
                self._origins[ballot.origin] += 1
                if ballot.guideline is not None:
                    self._guidelines[ballot.guideline] += 1
        for pair in harvest.pairs:
            self._raters[len({ballot.rater for ballot in pair.item.ballots})] += 1
            self._agreement[round(pair.consensus.agreement, 4)] += 1
            self._strength[round(pair.consensus.strength, 2)] += 1
        if harvest.pairs or harvest.lessons or harvest.labels:
            self._unanswerable += not prompt.roles or prompt.roles[-1] not in ENDINGS

    def finish(self) -> Figures:
        tally = self.tally
        return Figures(
            answered=tally.answered,
            left_out=dict(tally.left_out),
            waiting=tally.waiting,
            pairs=tally.pairs,
            prompts=tally.prompts,
            clusters=tally.clusters,
            raters=len(tally.raters),
            votes=tally.votes,
            shown=tally.shown,
            unanimous=tally.unanimous,
            agreement=tally.agreement,
            chosen_longer=tally.chosen_longer,
            chosen_shorter=tally.chosen_shorter,
            chosen_on_left=tally.chosen_on_left,
            cut_off=tally.cut_off,
            grades=tally.graded,
            lessons=dict(tally.lessons),
            good=tally.good,
            bad=tally.bad,
            rows={name: tally.rows_of(name) for name in tally.formats},
            unfit=dict(tally.unfit),
            found=dict(tally.found),
            found_in=tally.found_in,
            unanswerable=self._unanswerable,
            to_train=tuple(sorted(self.to_train)),
            stock=self._describe_stock(),
            stops=Stops(
                raters=sorted(self._raters.items()),
                agreement=sorted(self._agreement.items()),
                strength=sorted(self._strength.items()),
            ),
        )

    def _describe_stock(self) -> Stock:
        return Stock(
            origins=dict(self._origins),
            kinds=dict(self._kinds),
            rubrics=dict(sorted(self._rubrics.items())),
            guidelines=dict(sorted(self._guidelines.items())),
            categories=dict(self._categories.most_common()),
            languages=dict(self._languages.most_common()),
            sizes=dict(sorted(self._sizes.items())),
        )
