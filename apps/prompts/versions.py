"""The versions of a prompt, from the first to the one that is used now."""

from dataclasses import dataclass

from apps.prompts.clustering.differences import Compared, compare_edit
from apps.prompts.models import Prompt

MOST_VERSIONS = 50


@dataclass(frozen=True)
class Version:
    """A prompt among its predecessors and successors; `text` shows what differs from the one before."""

    prompt: Prompt
    number: int
    text: Compared | None
    is_this: bool


def list_versions(*, prompt: Prompt) -> list[Version]:
    """All versions, the oldest first; none where there is only this one."""
    chain = [prompt]
    while chain[0].replaces_id and len(chain) < MOST_VERSIONS:
        chain.insert(0, Prompt.objects.select_related("created_by").get(pk=chain[0].replaces_id))
    while len(chain) < MOST_VERSIONS:
        newer = Prompt.objects.select_related("created_by").filter(replaces=chain[-1]).first()
        if newer is None:
            break
        chain.append(newer)
    if len(chain) == 1:
        return []
    texts = [_join_turns(version) for version in chain]
    versions = [Version(chain[0], 1, None, chain[0].pk == prompt.pk)]
    for number, version in enumerate(chain[1:], 2):
        compared = compare_edit(texts[number - 2], texts[number - 1])
        versions.append(Version(version, number, compared, version.pk == prompt.pk))
    return versions


def _join_turns(prompt: Prompt) -> str:
    return "\n\n".join(str(message["content"]) for message in prompt.messages)
