import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.errors import TouchstoneError
from apps.projects.models import Project
from apps.prompts.importing import finish_here, import_prompts
from apps.prompts.imports.options import DatasetSource, ImportOptions, check_options
from apps.prompts.imports.uploads import make_import
from apps.prompts.models import PromptImport
from apps.prompts.report import is_usable
from apps.prompts.report_text import format_report


class Command(BaseCommand):
    help = (
        "Import prompts from JSONL, JSON, CSV or Parquet files, also packed with gzip; - reads the standard "
        "input. A folder is loaded with the package datasets, and so is an id of the hub with --hub."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="the project's short name, as in its address")
        parser.add_argument("files", nargs="*", metavar="FILE")
        parser.add_argument("--hub", metavar="OWNER/NAME", help="a data set of the hub, instead of files")
        parser.add_argument("--name", default="", help="its configuration, where it has several")
        parser.add_argument("--split", default="train", help="of a hub id or a folder")
        parser.add_argument("--status", default="approved", choices=["approved", "draft"])
        parser.add_argument(
            "--personal-data", choices=["mask", "hold", "keep"], help="else as the project's settings say"
        )
        parser.add_argument(
            "--columns", type=json.loads, default={}, help="""such as '{"question": "prompt"}'"""
        )

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']!r}.")
        names = [options["hub"]] if options["hub"] else options["files"]
        if not names:
            raise CommandError("Name at least one file, or a data set of the hub with --hub.")
        try:
            self.chosen = check_options(
                status=options["status"], personal_data=options["personal_data"], columns=options["columns"]
            )
        except TouchstoneError as error:
            raise CommandError(error.message) from None
        useless = [name for name in names if not self._import_named(project, name, options)]
        if useless:
            raise CommandError(f"No line could be used of {', '.join(useless)}.")

    def _import_named(self, project: Project, name: str, options: dict[str, Any]) -> bool:
        """Whether any line of the file could be used."""
        try:
            report = self._import(project, name, options)
        except OSError as error:
            self.stderr.write(f"{name}: {error.strerror}. Nothing of it was imported.")
            return False
        except TouchstoneError as error:
            self.stderr.write(f"{name}: {error.message}")
            return False
        self.stdout.write(format_report(report))
        return is_usable(report)

    def _import(self, project: Project, name: str, options: dict[str, Any]) -> PromptImport:
        if options["hub"] or Path(name).is_dir():
            kind = "hub" if options["hub"] else "folder"
            path = name if kind == "hub" else str(Path(name).resolve())
            wanted = DatasetSource(kind=kind, path=path, name=options["name"], split=options["split"])
            return self.import_dataset(project, wanted)
        with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as file:
            return self.import_file(project, file, "standard input" if name == "-" else Path(name).name)

    def import_file(self, project: Project, file: Any, file_name: str) -> PromptImport:
        return import_prompts(project=project, file=file, file_name=file_name, options=self.chosen)

    def import_dataset(self, project: Project, wanted: DatasetSource) -> PromptImport:
        options: ImportOptions = self.chosen.model_copy(update={"dataset": wanted})
        report = make_import(project=project, file_name=wanted.path, user=None, options=options)
        return finish_here(report=report, user=None)
