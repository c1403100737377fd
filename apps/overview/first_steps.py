"""The way from a new project to its first pairs: four steps, one action each."""

from dataclasses import dataclass, replace

from apps.core.words import count, start_sentence
from apps.overview.loop import Loop
from apps.overview.needs import Need, find_missing_raters
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
    is_next: bool = False


def list_first_steps(*, project: Project, loop: Loop) -> list[FirstStep]:
    """In the order of the work; the first that is open is marked as the next."""
    steps = [_bring_prompts(loop), _get_responses(loop), _invite(find_missing_raters(project)), _read_pairs()]
    following = next((n for n, step in enumerate(steps) if not step.done), None)
    return [replace(step, is_next=number == following) for number, step in enumerate(steps)]


def _bring_prompts(loop: Loop) -> FirstStep:
    number = loop.prompts.done
    return FirstStep(
        title=start_sentence(f"{count(number, 'prompt is', 'prompts are')} in")
        if number
        else "Bring prompts in",
        detail="A JSONL or CSV file: a plain prompt or a whole conversation per line, with any metadata.",
        action="Import more" if number else "Import prompts",
        room="prompts:index",
        permission=Permission.MANAGE_PROMPTS,
        done=bool(number),
    )


def _get_responses(loop: Loop) -> FirstStep:
    finished, promised = loop.responses.done, loop.responses.total
    titles = f"{finished:,} of {promised:,} responses are ready" if promised else "Let models answer them"
    return FirstStep(
        title=titles,
        detail="Two models, or one with two settings: people compare two responses to the same prompt.",
        action="Watch them come" if promised else "Add models",
        room="generation:index",
        permission=Permission.MANAGE_GENERATION,
        done=bool(promised),
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
