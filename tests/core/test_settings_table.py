"""The table of settings in the README names what the environment may say, and nothing else."""

import re
from pathlib import Path

from config.env import Environment

README = Path(__file__).resolve().parents[2] / "README.md"


def test_every_setting_is_in_the_readme() -> None:
    (table,) = re.findall(
        r"^\| variable \| \|\n\| --- \| --- \|\n((?:\|.*\n)+)", README.read_text(), re.MULTILINE
    )
    named = {name for row in table.splitlines() for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])}
    assert named == {field.alias for field in Environment.model_fields.values()}
