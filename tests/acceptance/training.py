"""Two steps of every TRL trainer, and whether what it prepared says what the raters saw.

A finite loss proves little: ties, doubled prompts and empty answers train quietly too. So what a trainer
prepared is decoded and compared with the texts of the raters' diaries, not with those of the rows.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.acceptance.diary import Diary
from tests.smoke.checks import check
from tests.smoke.tiny_model import TinyModel
from tests.smoke.training import CONFIG, STEPS

LONGEST = 16_384  # tokens; longer than anything here, so that nothing is cut or dropped quietly
END = "<|im_end|>"
Seen = dict[str, str]  # by column, what a rater read


@dataclass(frozen=True)
class Gym:
    """What every training needs."""

    tiny: TinyModel
    diary: Diary
    work: Path

    def write(self, messages: list[dict[str, str]]) -> str:
        """A conversation up to the point where the answer begins."""
        return str(
            self.tiny.tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
        )

    def read(self, ids: Any) -> str:
        """The text of tokens, without the turn's end."""
        return self.tiny.decode(ids).removesuffix("\n").removesuffix(END)


Compare = Callable[[Gym, Seen, dict[str, Any]], None]


@dataclass(frozen=True)
class Training:
    """One trainer on one format.

    Attributes:
        compare: looks at one row that the trainer prepared.
    """

    trainer: str
    format_name: str
    compare: Compare
    settings: tuple[tuple[str, Any], ...] = ()
    module: str = "trl"


def _compare_prompt_and_sides(gym: Gym, seen: Seen, got: dict[str, Any]) -> None:
    _same(gym.tiny.decode(got["prompt_ids"]), seen["prompt"], "the prompt")
    for side in ("chosen", "rejected"):
        _same(gym.read(got[f"{side}_ids"]), seen[side], side)


def _compare_labelled(gym: Gym, seen: Seen, got: dict[str, Any]) -> None:
    _same(gym.tiny.decode(got["prompt_ids"]), seen["prompt"], "the prompt")
    _same(gym.read(got["completion_ids"]), seen["answer"], "the completion")


def _compare_wholes(gym: Gym, seen: Seen, got: dict[str, Any]) -> None:
    for side in ("chosen", "rejected"):
        _same(gym.read(got[f"{side}_ids"]), seen["prompt"] + seen[side], side)


def _compare_with_labels(gym: Gym, seen: Seen, got: dict[str, Any]) -> None:
    """ORPO and CPO: whole sequences, and what is learned of them."""
    for side in ("chosen", "rejected"):
        _same(gym.read(got[f"{side}_input_ids"]), seen["prompt"] + seen[side], side)
        _same(gym.read(_list_learned(got[f"{side}_labels"])), seen[side], f"what is learned of {side}")


def _compare_lesson(gym: Gym, seen: Seen, got: dict[str, Any]) -> None:
    _same(gym.read(got["input_ids"]), seen["prompt"] + seen["answer"], "the conversation")
    learned = gym.read(_list_learned(got["labels"]))
    check(learned.endswith(seen["answer"]), "SFT does not learn the answer")


def _list_learned(labels: Any) -> list[int]:
    return [label for label in labels if label != -100]


def _same(found: str, seen: str, what: str) -> None:
    check(found == seen, f"{what} is {found[-300:]!r}, and the rater saw {seen[-300:]!r}")


TRAININGS = (
    Training("DPO", "preference", _compare_prompt_and_sides),
    Training("ORPO", "preference", _compare_with_labels, module="trl.experimental.orpo"),
    Training("CPO", "preference", _compare_with_labels, module="trl.experimental.cpo"),
    Training("Reward", "preference", _compare_wholes),
    Training("Reward", "implicit", _compare_wholes),
    Training("Reward", "reward", _compare_wholes),
    Training("KTO", "kto", _compare_labelled, (("train_sampling_strategy", "sequential"),)),
    Training("SFT", "sft", _compare_lesson, (("assistant_only_loss", True),)),
    Training("SFT", "prompt_completion", _compare_lesson),
)


def train(training: Training, rows: Any, gym: Gym) -> float:
    """The last loss of two steps, once all that was prepared is what people saw."""
    import importlib

    module = importlib.import_module(training.module)
    make, config = (getattr(module, f"{training.trainer}{part}") for part in ("Trainer", "Config"))
    name = f"{training.trainer} on {training.format_name}"
    settings = {**CONFIG, "max_length": LONGEST, **dict(training.settings)}
    arguments = config(output_dir=str(gym.work / "out"), **settings)
    trainer = make(
        model=_load_model(gym.tiny, training.trainer),
        args=arguments,
        train_dataset=rows,
        processing_class=gym.tiny.tokenizer,
    )
    prepared = list(trainer.train_dataset)
    check(len(prepared) == len(rows), f"{name} kept {len(prepared)} of {len(rows)} rows")
    for row, got in zip(rows, prepared, strict=True):
        training.compare(gym, read_seen(row, gym), got)
    return _take_steps(trainer, name)


def read_seen(row: Any, gym: Gym) -> Seen:
    """What the raters behind a row read, however the row has it."""
    metadata = row["metadata"]
    seen = {"prompt": gym.write(gym.diary.read_messages(metadata))}
    if "chosen" in row:
        return seen | {side: gym.diary.texts[metadata[side]["uid"]] for side in ("chosen", "rejected")}
    return seen | {"answer": gym.diary.read_lesson(metadata)}


def _load_model(tiny: TinyModel, trainer: str) -> Any:
    if trainer != "Reward":
        return tiny.load()
    from transformers import LlamaForSequenceClassification

    return LlamaForSequenceClassification.from_pretrained(tiny.folder, num_labels=1)


def _take_steps(trainer: Any, name: str) -> float:
    from transformers import PrinterCallback

    trainer.remove_callback(PrinterCallback)
    before = {key: value.detach().clone() for key, value in trainer.model.named_parameters()}
    trainer.train()
    losses = [float(entry["loss"]) for entry in trainer.state.log_history if "loss" in entry]
    check(len(losses) == STEPS and all(map(math.isfinite, losses)), f"{name} has the losses {losses}")
    moved = sum(not before[key].equal(value.detach()) for key, value in trainer.model.named_parameters())
    check(moved > 0, f"{name} moved no weight")
    return round(losses[-1], 4)
