"""What raters were asked, in words: a rubric's questions with all that can be answered to them."""

from dataclasses import dataclass
from functools import singledispatch

from apps.datasets.cards.markdown import inline
from apps.projects.questions.base import Question
from apps.projects.questions.choice import ChoiceQuestion
from apps.projects.questions.preference import RELATION_WORDS, PreferenceQuestion
from apps.projects.questions.ranking import RankingQuestion
from apps.projects.questions.reasons import ReasonsQuestion
from apps.projects.questions.scale import ScaleQuestion
from apps.projects.questions.spans import SpansQuestion
from apps.projects.rubrics import RubricDocument

ABOUT = {"response": ", about each response", "prompt": ", about the prompt"}


@dataclass(frozen=True)
class Asked:
    """A question as Markdown: its key, its kind, what it asks, and what could be said."""

    key: str
    kind: str
    title: str
    notes: list[str]


def tell_questions(rubric: RubricDocument) -> list[Asked]:
    return [_tell(question) for question in rubric.questions]


def _tell(question: Question) -> Asked:
    notes = [inline(question.hint)] if question.hint else []
    notes += list_answers(question)
    if question.show_if is not None:
        tokens = ", ".join(inline(token) for token in question.show_if.any_of)
        notes.append(f"asked where `{question.show_if.question}` was answered with {tokens}")
    elif not question.required:
        notes.append("could be left open")
    about = ABOUT.get(getattr(question, "about", ""), "")
    return Asked(question.key, question.kind + about, inline(question.title), notes)


@singledispatch
def list_answers(question: Question) -> list[str]:
    """What can be answered, a phrase each; kinds that take any text have none."""
    return []


@list_answers.register
def _(question: PreferenceQuestion) -> list[str]:
    grades = ", ".join(f"{word} ({step})" for step, word in enumerate(question.words, start=1))
    words = [f"either side: {grades}"]
    if question.relations:
        words.append("or: " + ", ".join(RELATION_WORDS[one].lower() for one in question.relations))
    return words


@list_answers.register
def _(question: RankingQuestion) -> list[str]:
    words = [f"by: {inline(question.what)}"] if question.what else []
    if question.ends_only:
        return [*words, "the best one and the worst one"]
    ties = "places may be shared" if question.ties else "no place is shared"
    return [*words, f"a place for each, 1 for the best; {ties}"]


@list_answers.register
def _(question: ScaleQuestion) -> list[str]:
    points = [f"{point}: {inline(anchor)}" for point, anchor in question.meanings]
    return [*points, "or: does not apply"] if question.not_applicable else points


@list_answers.register
def _(question: ChoiceQuestion) -> list[str]:
    first = "any of these:" if question.multiple else "one of these:"
    return [first, *(_name(one.value, one.label, one.help) for one in question.options)]


@list_answers.register
def _(question: ReasonsQuestion) -> list[str]:
    praise = ", ".join(map(inline, question.praise))
    blame = ", ".join(map(inline, question.blame))
    return [f"for: {praise}", f"against: {blame}"]


@list_answers.register
def _(question: SpansQuestion) -> list[str]:
    return [_name(one.value, one.label, one.help) for one in question.labels]


def _name(value: str, label: str, help_: str) -> str:
    return f"`{value}`: {inline(label)}" + (f" ({inline(help_)})" if help_ else "")
