"""The code on the card and the page is run as it stands there, but for the folder, the model and the CPU."""

import contextlib
import io
import re
from pathlib import Path

from tests.smoke.checks import check

CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
HERE, MODEL = "path/to/this/folder", "your/model"
ON_CPU = 'output_dir="{}/\\1", use_cpu=True, bf16=False, max_steps=1, report_to="none", disable_tqdm=True'
OUTPUT = re.compile(r'output_dir="(\w+)"')


def run_snippets(folder: Path, model: Path, work: Path) -> None:
    """Run every Python block of a card."""
    blocks = CODE.findall((folder / "README.md").read_text(encoding="utf-8"))
    check(bool(blocks), f"the card in {folder.name} has no snippet")
    for block in blocks:
        code = block.replace(HERE, str(folder)).replace(MODEL, str(model))
        with contextlib.redirect_stdout(io.StringIO()):
            exec(OUTPUT.sub(ON_CPU.format(work), code), {})
