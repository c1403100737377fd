"""Open Assistant's trees: what is asked is a prompt, its replies are responses, their ranks a ranking."""

from collections.abc import Iterator, Sequence
from typing import Any

from apps.overview.shapes.base import Cases, CaseShape
from apps.overview.shapes.cases import Case, Reply, Verdict
from apps.prompts.parsing import Conversation, Fields, Reason, Unusable

ASKS, ANSWERS = "prompter", "assistant"
VOLUNTEER = "Open Assistant volunteer"
ANNOTATOR = "oasst consensus"
Path = tuple[dict[str, str], ...]


class OasstShape(CaseShape):
    code = "oasst_trees"
    name = "OASST trees"
    explanation = (
        "Each record is a tree. Everything that a person asked in it becomes a prompt with the turns before "
        "it, the replies become imported responses, and their ranks an imported annotation."
    )

    def fits(self, row: Fields) -> bool:
        return _is_root(row.get("prompt"))

    def read(self, fields: Fields) -> Cases:
        root = fields.get("prompt")
        cases = list(_walk(root, fields)) if _is_root(root) else []
        if not cases:
            raise Unusable(Reason.NOT_A_TREE)
        return cases


def _is_root(value: Any) -> bool:
    return isinstance(value, dict) and "text" in value and isinstance(value.get("replies"), list)


def _walk(root: Any, fields: Fields) -> Iterator[Case]:
    """Depth first, and without recursion: how deep a tree is, its writer decides."""
    waiting: list[tuple[Any, Path]] = [(root, ())]
    while waiting:
        node, before = waiting.pop()
        path = (*before, {"role": "user", "content": node["text"]})
        replies = [one for one in _list_replies(node) if one.get("role") == ANSWERS]
        yield _read_case(node, path, replies, fields)
        for reply in reversed(replies):
            answered = (*path, {"role": "assistant", "content": reply["text"]})
            asked = [one for one in _list_replies(reply) if one.get("role") == ASKS]
            waiting += [(one, answered) for one in reversed(asked)]


def _list_replies(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Those that say something and were not taken back."""
    replies = node.get("replies")
    return [
        one
        for one in (replies if isinstance(replies, list) else [])
        if isinstance(one, dict)
        and isinstance(one.get("text"), str)
        and one["text"].strip()
        and not one.get("deleted")
    ]


def _read_case(node: dict[str, Any], path: Path, replies: Sequence[dict[str, Any]], fields: Fields) -> Case:
    if not isinstance(node["text"], str) or not node["text"].strip():
        raise Unusable(Reason.EMPTY)
    known = {"message_tree_id": fields.get("message_tree_id"), "message_id": node.get("message_id")}
    metadata = {key: value for key, value in known.items() if value is not None}
    language = node["lang"][:2].lower() if isinstance(node.get("lang"), str) else ""
    return Case(
        Conversation([*path], metadata, language),
        [Reply(_name_writer(reply), reply["text"]) for reply in replies],
        _read_ranks(node, replies),
    )


def _name_writer(reply: dict[str, Any]) -> str:
    model = reply.get("model_name")
    return model[:300] if reply.get("synthetic") and isinstance(model, str) and model else VOLUNTEER


def _read_ranks(node: dict[str, Any], replies: Sequence[dict[str, Any]]) -> list[Verdict]:
    ranks = [_read_rank(reply.get("rank")) for reply in replies]
    if sum(rank is not None for rank in ranks) < 2 or not node.get("message_id"):
        return []
    return [Verdict(ANNOTATOR, str(node["message_id"])[:300], ranks)]


def _read_rank(rank: Any) -> int | None:
    """As a place: theirs count from 0."""
    return rank + 1 if isinstance(rank, int) and not isinstance(rank, bool) and 0 <= rank < 1000 else None
