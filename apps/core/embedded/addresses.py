"""Where the services of a running `make run` are, for commands that work beside it."""

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

FILE = "services.json"
NAMES = ("DATABASE_URL", "CELERY_BROKER_URL")


@contextlib.contextmanager
def published_addresses(folder: Path, env: Mapping[str, str]) -> Iterator[None]:
    """Keep the services' URLs in the data folder while they run. There are passwords in them, so only we
    and root may read the file."""
    path = folder / FILE
    making = path.with_name(f"{FILE}.new")
    making.unlink(missing_ok=True)
    making.touch(mode=0o600)
    making.write_text(json.dumps({"pid": os.getpid(), **{name: env[name] for name in NAMES if name in env}}))
    making.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def read_addresses(folder: Path, *, holder: int) -> dict[str, str]:
    """The URLs that the process `holder` has published; a killed process's are not believed."""
    try:
        found = json.loads((folder / FILE).read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return {name: found[name] for name in NAMES if name in found} if found.get("pid") == holder else {}
