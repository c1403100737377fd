"""`make screenshots`: a filled project on a server of its own, and pictures of its pages.

Usage: python -m tests.screenshots [FOLDER]   (docs/images by default)
"""

import os
import sys
from pathlib import Path

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    from tests.screenshots.camera import list_shots, take_pictures
    from tests.screenshots.datasets import make_snapshots
    from tests.screenshots.sample import fill_sample

    call_command("migrate", verbosity=0)
    sample = fill_sample()
    make_snapshots(sample.project)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/images")
    take_pictures(shots=list_shots(sample), folder=folder)


if __name__ == "__main__":
    main()
