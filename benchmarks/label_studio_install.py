"""Label Studio in a virtual environment of its own: its pins and ours do not fit together."""

import importlib.metadata
import subprocess
import sys
from pathlib import Path

VERSION = "1.23.2"
WHOLE = "installed.txt"


def install_label_studio(folder: Path) -> Path:
    """Make the environment, or take the one that is there and whole; returns its Python."""
    wanted = (f"label-studio=={VERSION}", f"gunicorn=={importlib.metadata.version('gunicorn')}")
    python, whole = folder.resolve() / "bin" / "python", folder / WHOLE
    if not whole.is_file() or whole.read_text().split() != [*wanted]:
        # Standard output is for the figures alone.
        _run(sys.executable, "-m", "venv", "--clear", str(folder))
        _run(str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *wanted)
        whole.write_text("\n".join(wanted) + "\n")
    return python


def find_package(python: Path) -> Path:
    """The folder of Label Studio's Django project."""
    code = "import importlib.util as u; print(*u.find_spec('label_studio').submodule_search_locations)"
    found = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return Path(found.stdout.strip())


def _run(*command: str) -> None:
    subprocess.run(command, stdout=sys.stderr, check=True)
