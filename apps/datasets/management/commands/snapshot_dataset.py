import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.errors import TouchstoneError
from apps.datasets.management.commands.export_dataset import find_version
from apps.datasets.recipes.saving import save_recipe
from apps.datasets.recipes.starting import read_recipe
from apps.datasets.snapshots.here import make_here
from apps.projects.models import Project


class Command(BaseCommand):
    help = "Make a snapshot of a project's dataset by a saved recipe, here and now. It stays in the project."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", metavar="PROJECT_SLUG")
        parser.add_argument("recipe", metavar="RECIPE", help="the recipe's name")
        parser.add_argument(
            "--document", type=Path, metavar="FILE", help="JSON: save this as the recipe's newest version"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']!r}.")
        try:
            if options["document"]:
                document = read_recipe(project, json.loads(options["document"].read_text("utf-8")))
                version = save_recipe(project=project, name=options["recipe"], document=document, user=None)
            else:
                version = find_version(project, options["recipe"])
            snapshot = make_here(version=version)
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['document']} is not the JSON of a recipe: {error}") from error
        except TouchstoneError as error:
            raise CommandError(error.message) from error
        if not snapshot.is_finished:
            raise CommandError(snapshot.error or f"The snapshot is {snapshot.get_status_display()}.")
        self.stdout.write(
            f"Snapshot {snapshot.number} of {snapshot.recipe.name}, version {version.number}: "
            f"{snapshot.rows:,} rows, SHA-256 {snapshot.digest}, id {snapshot.uid}."
        )
