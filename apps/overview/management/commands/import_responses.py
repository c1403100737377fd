from typing import Any

from apps.overview.response_import import import_responses
from apps.projects.models import Project
from apps.prompts.management.commands.import_prompts import Command as ImportPrompts
from apps.prompts.models import PromptImport


class Command(ImportPrompts):
    help = "Import ready-made responses from AlpacaEval's, JSONL or CSV files; - reads the standard input."

    def import_file(self, project: Project, file: Any, file_name: str) -> PromptImport:
        return import_responses(project=project, file=file, file_name=file_name)
