from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.errors import TouchstoneError
from apps.datasets.containers import CONTAINERS
from apps.datasets.formats import FORMATS
from apps.datasets.models import RecipeVersion
from apps.datasets.recipes.starting import read_recipe
from apps.datasets.snapshots.here import copy_files, export_folder, make_here
from apps.projects.models import Project

DEFAULT = ("preference", "sft")


class Command(BaseCommand):
    help = (
        "Write a project's dataset into a folder that `datasets.load_dataset` loads: by a saved recipe, as a "
        "snapshot that stays, or by a new one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", metavar="PROJECT_SLUG")
        parser.add_argument("folder", type=Path, metavar="DIR", help="new or empty")
        parser.add_argument("--recipe", help="the name of a saved recipe; its newest version is taken")
        parser.add_argument(
            "--format",
            dest="formats",
            action="append",
            choices=list(FORMATS),
            help=f"may be given several times; {' and '.join(DEFAULT)} by default",
        )
        parser.add_argument("--container", choices=list(CONTAINERS), help="parquet by default")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']!r}.")
        if options["recipe"] and (options["formats"] or options["container"]):
            raise CommandError("A saved recipe says itself which formats it makes, and as which files.")
        try:
            if options["recipe"]:
                self._export_snapshot(project, options["recipe"], options["folder"])
            else:
                self._export(project, options)
        except TouchstoneError as error:
            raise CommandError(error.message) from error

    def _export_snapshot(self, project: Project, name: str, folder: Path) -> None:
        snapshot = make_here(version=find_version(project, name))
        if not snapshot.is_finished:
            raise CommandError(snapshot.error or f"The snapshot is {snapshot.get_status_display()}.")
        copy_files(snapshot=snapshot, folder=folder)
        self._report(snapshot.manifest, folder)
        self.stdout.write(f"Snapshot {snapshot.number} of {name}, SHA-256 {snapshot.digest}.")

    def _export(self, project: Project, options: dict[str, Any]) -> None:
        document = read_recipe(
            project,
            {
                "formats": options["formats"] or DEFAULT,
                "container": options["container"] or "parquet",
            },
        )
        made = export_folder(project=project, document=document, folder=options["folder"])
        self._report(made.manifest, options["folder"])

    def _report(self, manifest: dict[str, Any], folder: Path) -> None:
        for name, splits in manifest["counts"]["rows"].items():
            for split, count in splits.items():
                self.stdout.write(f"{folder / name}: {count:,} rows in {split}")
        out = sum(manifest["left_out"]["items"].values())
        self.stdout.write(f"{manifest['counts']['pairs']:,} pairs; {out:,} items stay out, see README.md")


def find_version(project: Project, name: str) -> RecipeVersion:
    """The newest version of a recipe, by name."""
    version = RecipeVersion.objects.filter(recipe__project=project, recipe__name=name).last()
    if version is None:
        names = ", ".join(project.recipes.values_list("name", flat=True)) or "none yet"
        raise CommandError(f"There is no recipe {name!r} in this project. There is: {names}.")
    return version
