"""Every TRL trainer on the rows that arrived."""

from pathlib import Path
from typing import Any

from tests.acceptance.making import Made
from tests.acceptance.shapes import COLUMNS, check_labels, check_shapes
from tests.acceptance.training import TRAININGS, Gym, Training, train
from tests.smoke.quiet import silence_trainers
from tests.smoke.steps import Steps
from tests.smoke.tiny_model import TinyModel, make_tiny_model

SAMPLE = 200  # texts that the tokenizer learns from


def study(made: Made, work: Path, steps: Steps) -> dict[str, float]:
    """The losses by trainer and format."""
    silence_trainers()
    texts = list(made.projects["pairs"].diary.texts.values())[:SAMPLE]
    tiny = steps.run("make a tiny model", lambda: make_tiny_model(texts, work / "tiny"))
    steps.run("look at every row as TRL needs it", lambda: _look(made, tiny), lambda rows: f": {rows:,} rows")
    return {
        f"{training.trainer} {training.format_name}": _train(training, made, tiny, work, steps)
        for training in TRAININGS
    }


def _look(made: Made, tiny: TinyModel) -> int:
    check_labels(made.loaded["scales"]["kto"]["train"])
    return sum(
        check_shapes(name, splits, tiny.tokenizer)
        for loaded in made.loaded.values()
        for name, splits in loaded.items()
        if name in COLUMNS
    )


def _train(training: Training, made: Made, tiny: TinyModel, work: Path, steps: Steps) -> float:
    source = "scales" if training.format_name == "kto" else "pairs"
    gym = Gym(tiny, made.projects[source].diary, work)
    rows: Any = made.loaded[source][training.format_name]["train"]
    return steps.run(
        f"train {training.trainer} on {training.format_name} for 2 steps, and read back {len(rows)} rows",
        lambda: train(training, rows, gym),
        lambda loss: f": loss {loss}",
    )
