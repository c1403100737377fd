import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.errors import TouchstoneError
from apps.projects.models import Project
from apps.prompts.importing import import_prompts
from apps.prompts.models import PromptImport
from apps.prompts.report import is_usable
from apps.prompts.report_text import format_report


class Command(BaseCommand):
    help = "Import prompts from JSONL, JSON or CSV files; - reads the standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="the project's short name, as in its address")
        parser.add_argument("files", nargs="+", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']!r}.")
        useless = [name for name in options["files"] if not self._import_named(project, name)]
        if useless:
            raise CommandError(f"No line could be used of {', '.join(useless)}.")

    def _import_named(self, project: Project, name: str) -> bool:
        """Whether any line of the file could be used."""
        try:
            with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as file:
                report = self.import_file(project, file, "standard input" if name == "-" else Path(name).name)
        except OSError as error:
            self.stderr.write(f"{name}: {error.strerror}. Nothing of it was imported.")
            return False
        except TouchstoneError as error:
            self.stderr.write(f"{name}: {error.message}")
            return False
        self.stdout.write(format_report(report))
        return is_usable(report)

    def import_file(self, project: Project, file: Any, file_name: str) -> PromptImport:
        return import_prompts(project=project, file=file, file_name=file_name)
