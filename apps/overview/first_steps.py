"""The way from a new project to its first pairs: four steps, one action each."""

from dataclasses import dataclass, replace

from apps.core.words import count, start_sentence
from apps.overview.loop import Loop
from apps.overview.needs import Need, find_missing_raters
from apps.projects.item_words import describe_beginning, describe_item
from apps.projects.models import Project
from apps.projects.permissions import Permission


@dataclass(frozen=True)
class FirstStep:
    title: str
    detail: str
    action: str
    room: str
    permission: Permission
    done: bool
    goes: bool = False  # by itself: somebody may wait for it, or do what comes after it
    is_next: bool = False


def list_first_steps(*, project: Project, loop: Loop) -> list[FirstStep]:
    """In the order of the work, with the next marked: what a person can do, or else wait for.

    They are shown until there is something to rate. So there is nothing to download yet, and responses are
    not done, however many there are.
    """
    is_running = project.runs.running().exists()
    steps = [
        _bring_prompts(loop),
        _get_responses(project, loop, is_running=is_running),
        _invite(find_missing_raters(project)),
    ]
    open_steps = [step for step in steps if not step.done]
    following = next((step for step in open_steps if not step.goes), next(iter(open_steps), None))
    return [*(replace(step, is_next=step is following) for step in steps), _read_pairs()]


def _bring_prompts(loop: Loop) -> FirstStep:
    number = loop.prompts.done
    return FirstStep(
        title=start_sentence(f"{count(number, 'prompt is', 'prompts are')} in")
        if number
        else "Bring prompts in",
        detail="A JSONL, CSV or Parquet file: a prompt or a whole conversation per line, with any metadata.",
        action="Import more" if number else "Import prompts",
        room="prompts:index",
        permission=Permission.MANAGE_PROMPTS,
        done=bool(number),
    )


def _get_responses(project: Project, loop: Loop, *, is_running: bool) -> FirstStep:
    wanted = project.rubric.questions.responses
    finished, promised = loop.responses.done, loop.responses.total
    titles = f"{finished:,} of {promised:,} responses are ready" if promised else "Let models answer them"
    models = "One model is enough" if wanted < 2 else "Two models, or one with two settings"
    detail = f"{models}. {describe_item(wanted)}"
    if is_running:
        detail = f"The first item can be rated as soon as {describe_beginning(wanted)}."
    return FirstStep(
        title=titles,
        detail=detail,
        action="Watch them come" if is_running else "Add models",
        room="generation:index",
        permission=Permission.MANAGE_GENERATION,
        done=False,
        goes=is_running,
    )


def _invite(missing: Need | None) -> FirstStep:
    return FirstStep(
        title="Invite people to rate" if missing else "People are invited to rate",
        detail="An invitation is a link that you send; who follows it makes an account and starts.",
        action="Invite raters" if missing else "See who",
        room="people:index",
        permission=Permission.MANAGE_PEOPLE,
        done=missing is None,
    )


def _read_pairs() -> FirstStep:
    return FirstStep(
        title="Download what trains",
        detail="Pairs for DPO and a reward model, messages for SFT, from the first complete item on.",
        action="See the formats",
        room="datasets:index",
        permission=Permission.EXPORT,
        done=False,
    )
