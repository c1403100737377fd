from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import User
from apps.datasets.snapshots.erasure import erase_prompt, erase_rater
from apps.projects.models import Project


class Command(BaseCommand):
    help = (
        "Delete a prompt with everything that hangs on it, or keep a rater's answers out of every later "
        "dataset. Snapshots that have left say from then on how many of their rows rest on them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", metavar="PROJECT_SLUG")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--prompt", type=UUID, metavar="UID")
        what.add_argument("--rater", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']!r}.")
        if options["prompt"]:
            prompt = project.prompts.filter(uid=options["prompt"]).first()
            if prompt is None:
                raise CommandError(f"There is no prompt {options['prompt']} in this project.")
            found = erase_prompt(project=project, prompt=prompt, user=None)
        else:
            rater = User.objects.filter(email=options["rater"]).first()
            if rater is None:
                raise CommandError(f"There is nobody with the address {options['rater']}.")
            found = erase_rater(project=project, rater=rater, user=None)
        self.stdout.write(f"Done. {found} snapshots have rows that rest on it, and say so.")
