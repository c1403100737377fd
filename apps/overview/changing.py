"""What a curator does to prompts, and what follows from it in the queue, in one request."""

from uuid import UUID

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts.changing import Action, Changed, Chosen, change_prompts
from apps.prompts.editing import edit_prompt
from apps.prompts.models import Prompt
from apps.prompts.undoing import undo_change
from apps.rating.retired import follow_prompts

AT_ONCE = 5000  # prompts whose items move before the page answers; the rest move within seconds, by the sweep


def change_with_queue(
    *, project: Project, chosen: Chosen, action: Action, user: User, tag: str = ""
) -> Changed:
    """`change_prompts`, and the items of those prompts leave the queue or come back."""
    changed = change_prompts(project=project, chosen=chosen, action=action, user=user, tag=tag)
    _follow(project)
    return changed


def undo_with_queue(*, project: Project, uid: UUID, user: User) -> int:
    back = undo_change(project=project, uid=uid, user=user)
    _follow(project)
    return back


def edit_with_queue(*, prompt: Prompt, texts: list[str], category: str, user: User) -> Prompt:
    """`edit_prompt`; what is open of the old one leaves the queue."""
    successor = edit_prompt(prompt=prompt, texts=texts, category=category, user=user)
    _follow(prompt.project)
    return successor


def _follow(project: Project) -> None:
    """What happens here is committed before it begins: no item is locked while prompts wait."""
    follow_prompts(project=project, at_most=AT_ONCE)
