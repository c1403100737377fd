from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.errors import TouchstoneError
from apps.datasets.containers import CONTAINERS
from apps.datasets.exports import export_folder
from apps.datasets.formats import FORMATS
from apps.datasets.tally import Tally
from apps.projects.models import Project


class Command(BaseCommand):
    help = "Write a project's dataset into a folder that `datasets.load_dataset` loads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", metavar="PROJECT_SLUG")
        parser.add_argument("folder", type=Path, metavar="DIR", help="new or empty")
        parser.add_argument(
            "--format",
            dest="formats",
            action="append",
            choices=list(FORMATS),
            help="may be given several times; all by default",
        )
        parser.add_argument("--container", choices=list(CONTAINERS), default="parquet")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']!r}.")
        try:
            tally = export_folder(
                project=project,
                formats=options["formats"] or list(FORMATS),
                container=options["container"],
                folder=options["folder"],
                actor=None,
            )
        except TouchstoneError as error:
            raise CommandError(error.message) from error
        self._report(tally, options["folder"])

    def _report(self, tally: Tally, folder: Path) -> None:
        for (name, split), count in sorted(tally.rows.items()):
            self.stdout.write(f"{folder / name}: {count:,} rows in {split}")
        self.stdout.write(f"{tally.pairs:,} pairs; {tally.left_out_total:,} items stay out, see README.md")
