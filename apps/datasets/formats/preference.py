"""TRL's preference rows, conversational with an explicit prompt: for DPO, reward, ORPO, CPO and KTO."""

from collections.abc import Iterator

from apps.datasets.formats.base import BOTH, MESSAGES, Columns, Need, Row, take_any
from apps.datasets.formats.checks import check_pair
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata import PAIR, describe_pair

NAME = "preference"
TITLE = "Preference pairs"
SUMMARY = (
    "`prompt` is the conversation, system turn included; "
    "`chosen` and `rejected` are one assistant message each."
)
NEED = Need.PAIRS
COLUMNS: Columns = {"prompt": MESSAGES, "chosen": MESSAGES, "rejected": MESSAGES, "metadata": PAIR}
CONTAINERS = BOTH
ASIDE = False
USED: frozenset[str] = frozenset()
takes = take_any
find_problems = check_pair
SNIPPET = """\
from datasets import load_dataset
from trl import DPOConfig, DPOTrainer

rows = load_dataset("FOLDER", "preference", split="train")
trainer = DPOTrainer(model="MODEL", args=DPOConfig(output_dir="dpo"), train_dataset=rows)
trainer.train()
"""


def make_rows(material: Material) -> Iterator[Row]:
    """A row for every pair; those of one prompt lie together."""
    for pair in material.harvest.pairs:
        yield {
            "prompt": material.messages,
            "chosen": material.reply(pair.winner),
            "rejected": material.reply(pair.loser),
            "metadata": describe_pair(pair, material),
        }
