"""MT-bench's votes: which of two models answered a turn of a question better, by people and by GPT-4."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from typing import Any

from apps.overview.shapes.base import Cases, CaseShape
from apps.overview.shapes.cases import Case, Reply, Verdict, store_cases
from apps.overview.shapes.questions import Questions, find_questions, make_placeholder
from apps.prompts.imports.options import ImportOptions
from apps.prompts.models import PromptImport
from apps.prompts.parsing import Conversation, Fields, Reason, Unusable, build_conversation

NEEDED = {"question_id", "model_a", "model_b", "winner", "judge", "turn"}
PLACES = {"model_a": (1, 2), "model_b": (2, 1), "tie": (1, 1), "tie (inconsistent)": (1, 1)}
# People are called author_1 or expert_17; who has the name of a model, or of a way of prompting one, is none.
MACHINE = re.compile(
    r"(?i)^(gpt|claude|gemini|llama|mi[sx]tral|qwen|deepseek|command|palm|vicuna)|_(pair|single)$|\bllm"
)


class VoteShape(CaseShape):
    code = "mt_bench_votes"
    name = "MT-bench votes"
    explanation = (
        "Each record is a vote of a judge on two models’ answers to a turn of a question. It becomes an "
        "imported annotation; that of a model is marked as a machine’s. Questions that the project has are "
        "found by their question_id. Of others the text is not in the file: they come in retired, as second "
        "turns do, so that no model and no rater gets them."
    )

    def fits(self, row: Fields) -> bool:
        return row.keys() >= NEEDED

    def read(self, fields: Fields) -> Cases:
        question, turn = _read_question(fields)
        models = [_read_name(fields.get(name), 300) for name in ("model_a", "model_b")]
        winner, judge = fields.get("winner"), _read_name(fields.get("judge"), 120)
        if models[0] == models[1] or not isinstance(winner, str) or winner not in PLACES:
            raise Unusable(Reason.NOT_A_VOTE)
        verdict = Verdict(
            annotator=_hide_address(judge),
            foreign_id=f"mt-bench/{question}/{turn}/{'/'.join(models)}"[:300],
            places=PLACES[winner],
            is_machine=bool(MACHINE.search(judge)),
            said=winner if winner == "tie (inconsistent)" else "",
        )
        told, texts = _read_conversations(fields, turn)
        replies = [Reply(model, text) for model, text in zip(models, texts, strict=True)]
        return [Case(told or make_placeholder(question, turn), replies, [verdict], told is not None)]

    def store(self, report: PromptImport, values: Sequence[Cases], options: ImportOptions) -> None:
        cases = list(chain.from_iterable(values))
        silent = [case.conversation for case in cases if not case.is_for_models]
        questions = find_questions(report.project, silent)
        store_cases(report, [_give_text(case, questions) for case in cases], options)


def _give_text(case: Case, questions: Questions) -> Case:
    """The question's own text, where the project has it."""
    if case.is_for_models:
        return case
    told = questions.get((case.conversation.metadata["question_id"], case.conversation.metadata["turn"]))
    if told is None:
        return case
    return replace(case, conversation=told, is_for_models=len(told.messages) == 1)


def _read_question(fields: Mapping[str, Any]) -> tuple[int | str, int]:
    question, turn = fields.get("question_id"), fields.get("turn")
    if isinstance(question, bool) or not isinstance(question, int | str) or len(str(question)) > 60:
        raise Unusable(Reason.NOT_A_VOTE, "“question_id” is no number")
    if str(turn) not in {"1", "2"}:
        raise Unusable(Reason.NOT_A_VOTE, "“turn” is neither 1 nor 2")
    number = int(question) if str(question).isascii() and str(question).isdecimal() else question
    return number, int(str(turn))


def _read_name(value: Any, most: int) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= most:
        raise Unusable(Reason.NOT_A_VOTE)
    return value.strip()


def _hide_address(judge: str) -> str:
    """People are known by pseudonyms here."""
    return f"judge-{sha256(judge.encode()).hexdigest()[:10]}" if "@" in judge else judge


def _read_conversations(fields: Mapping[str, Any], turn: int) -> tuple[Conversation | None, list[str]]:
    """The question and both answers to its first turn, where the file has them.

    A second turn follows two different first answers: what was asked there is no prompt that both answer.
    """
    pair = [_list_turns(fields.get(name)) for name in ("conversation_a", "conversation_b")]
    texts = [str(turns[1].get("content") or "") for turns in pair if len(turns) > 1]
    if turn != 1 or len(texts) != 2 or not all(text.strip() for text in texts):
        return None, ["", ""]
    kept = {"question_id": fields["question_id"]}
    told, other = (build_conversation({"messages": turns[:1]}, kept) for turns in pair)
    return (told, texts) if told.messages == other.messages else (None, ["", ""])


def _list_turns(value: Any) -> list[dict[str, Any]]:
    is_list = isinstance(value, list) and all(isinstance(turn, dict) for turn in value)
    return value if is_list else []
