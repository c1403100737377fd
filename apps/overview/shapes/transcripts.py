"""HH: two transcripts that are alike up to the last answer, of which one was chosen."""

import re
from hashlib import sha256
from typing import Any

from apps.overview.shapes.base import Cases, CaseShape
from apps.overview.shapes.cases import Case, Reply, Verdict
from apps.prompts.parsing import Fields, Reason, Unusable, build_conversation

TURN = re.compile(r"(?:^|\n\n)(Human|Assistant): ?")
ROLES = {"Human": "user", "Assistant": "assistant"}
OWN = ("chosen", "rejected")
NAMELESS = "unknown (HH)"
ANNOTATOR = "hh annotator"
Turns = list[dict[str, str]]


class TranscriptShape(CaseShape):
    code = "hh_transcripts"
    name = "HH transcripts"
    explanation = (
        "Each record is a chosen and a rejected transcript. What they share becomes the prompt, their last "
        "turns two imported responses, and the choice an imported annotation."
    )

    def fits(self, row: Fields) -> bool:
        return all(_is_transcript(row.get(name)) for name in OWN)

    def read(self, fields: Fields) -> Cases:
        if not all(_is_transcript(fields.get(name)) for name in OWN):
            raise Unusable(Reason.NOT_TRANSCRIPTS)
        chosen, rejected = (_read_turns(fields[name]) for name in OWN)
        if chosen[:-1] != rejected[:-1]:
            raise Unusable(Reason.NOT_TRANSCRIPTS, "they part before the last answer")
        if any(turns[-1]["role"] != "assistant" for turns in (chosen, rejected)):
            raise Unusable(Reason.NOT_TRANSCRIPTS, "one ends with what “Human:” says")
        texts = [turns[-1]["content"] for turns in (chosen, rejected)]
        if not all(texts):
            raise Unusable(Reason.NO_RESPONSE, "an answer of the two is empty")
        if texts[0] == texts[1]:
            raise Unusable(Reason.NOT_TRANSCRIPTS, "both answers are the same")
        rest = {key: value for key, value in fields.items() if key not in OWN}
        told = build_conversation({"messages": chosen[:-1]}, rest)
        both = "\0".join(fields[name] for name in OWN).encode()
        verdict = Verdict(ANNOTATOR, sha256(both).hexdigest()[:40], (1, 2))
        return [Case(told, [Reply(NAMELESS, text) for text in texts], [verdict])]


def _is_transcript(value: Any) -> bool:
    return isinstance(value, str) and value.lstrip().startswith("Human:") and "\n\nAssistant:" in value


def _read_turns(text: str) -> Turns:
    _, *parts = TURN.split(f"\n\n{text.strip()}")
    return [
        {"role": ROLES[role], "content": said.strip()}
        for role, said in zip(parts[::2], parts[1::2], strict=True)
    ]
