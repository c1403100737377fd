"""What the children find in their environment."""

import os
import secrets
from pathlib import Path


def local_environment(data: Path, found: dict[str, str]) -> dict[str, str]:
    """Our environment with the local profile, this data folder and its secret key, where none are set."""
    return {
        "TOUCHSTONE_PROFILE": "local",
        "TOUCHSTONE_DATA_DIR": str(data),
        "SECRET_KEY": read_secret_key(data),
        "PYTHONUNBUFFERED": "1",
        **{name: value for name, value in os.environ.items() if value},
        **found,
    }


def read_secret_key(data: Path) -> str:
    """This data folder's own secret, made at the first start; endpoint keys are encrypted with it."""
    path = data / "secret_key"
    if not path.exists():
        making = path.with_name("secret_key.new")
        making.touch(mode=0o600)
        making.write_text(secrets.token_urlsafe(50))
        making.replace(path)
    return path.read_text().strip()
