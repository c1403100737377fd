"""Two steps of a real trainer, and a look at what it made of the texts.

A finite loss proves little: ties, doubled prompts and empty answers train quietly too. So what the trainer
prepared is decoded and compared with what left the platform.
"""

import math
from pathlib import Path
from typing import Any

from tests.smoke.checks import check
from tests.smoke.tiny_model import TinyModel

STEPS = 2
LONGEST = 2048  # tokens; longer than anything here, so that nothing is cut quietly
CONFIG: dict[str, Any] = {
    "max_steps": STEPS,
    "per_device_train_batch_size": 2,
    "logging_steps": 1,
    "learning_rate": 1e-3,
    "report_to": "none",
    "save_strategy": "no",
    "use_cpu": True,
    "bf16": False,
    "gradient_checkpointing": False,
    "disable_tqdm": True,
    "max_length": LONGEST,
}


def train_dpo(rows: Any, tiny: TinyModel, work: Path) -> float:
    """The last loss of DPO on preference rows."""
    from trl import DPOConfig, DPOTrainer

    arguments = DPOConfig(output_dir=str(work / "dpo"), **CONFIG)
    trainer = DPOTrainer(
        model=tiny.load(), args=arguments, train_dataset=rows, processing_class=tiny.tokenizer
    )
    loss = _train(trainer)
    prepared = list(trainer.train_dataset)
    check(len(prepared) == len(rows), f"DPO kept {len(prepared)} of {len(rows)} rows")
    for row, got in zip(rows, prepared, strict=True):
        expected = tiny.tokenizer.apply_chat_template(
            row["prompt"], add_generation_prompt=True, tokenize=False
        )
        check(tiny.decode(got["prompt_ids"]) == expected, "DPO's prompt is not the one that people saw")
        for side in ("chosen", "rejected"):
            text = tiny.decode(got[f"{side}_ids"]).removesuffix("\n").removesuffix("<|im_end|>")
            check(text == row[side][0]["content"], f"DPO's {side} text is not the one that people saw")
    return loss


def train_sft(rows: Any, tiny: TinyModel, work: Path) -> float:
    """The last loss of supervised fine-tuning on conversations."""
    from trl import SFTConfig, SFTTrainer

    arguments = SFTConfig(output_dir=str(work / "sft"), assistant_only_loss=True, **CONFIG)
    trainer = SFTTrainer(
        model=tiny.load(), args=arguments, train_dataset=rows, processing_class=tiny.tokenizer
    )
    loss = _train(trainer)
    prepared = list(trainer.train_dataset)
    check(len(prepared) == len(rows), f"SFT kept {len(prepared)} of {len(rows)} rows")
    for row, got in zip(rows, prepared, strict=True):
        whole = tiny.tokenizer.apply_chat_template(row["messages"], tokenize=False)
        check(tiny.decode(got["input_ids"]) == whole, "SFT's conversation is not the one that people saw")
        learned = tiny.decode(_learned_ids(got, row)).removesuffix("\n").removesuffix("<|im_end|>")
        answers = [m["content"] for m in row["messages"] if m["role"] == "assistant"]
        check(learned.endswith(answers[-1]), "SFT does not learn the preferred response")
    return loss


def _learned_ids(got: dict[str, Any], row: Any) -> list[int]:
    if "labels" in got:
        return [i for i in got["labels"] if i != -100]
    return [i for i, learn in zip(got["input_ids"], got["assistant_masks"], strict=True) if learn]


def _train(trainer: Any) -> float:
    from transformers import PrinterCallback

    trainer.remove_callback(PrinterCallback)
    before = {name: value.detach().clone() for name, value in trainer.model.named_parameters()}
    trainer.train()
    losses = [float(entry["loss"]) for entry in trainer.state.log_history if "loss" in entry]
    check(len(losses) == STEPS and all(map(math.isfinite, losses)), f"losses are {losses}")
    moved = sum(not before[name].equal(value.detach()) for name, value in trainer.model.named_parameters())
    check(moved > 0, "no weight changed")
    return round(losses[-1], 4)
