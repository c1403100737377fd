from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.core.commands import spell_command
from apps.overview.demo.seed import NAMES, SLUG, Credential, renew_passwords, seed_demo

RULE = "-" * 68


class Command(BaseCommand):
    help = "Make the demo project and its three accounts, where they are missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--new-passwords", action="store_true", help="give the three accounts new passwords"
        )

    def handle(self, *, new_passwords: bool, **options: Any) -> None:
        made = seed_demo()
        shown = made or (renew_passwords() if new_passwords else [])
        if shown:
            self._show(shown)
            return
        self.stdout.write(
            f"  The demo project is there. Its accounts are {', '.join(NAMES)}; their passwords were "
            f"shown once.\n  New ones: {spell_command('seed_demo --new-passwords')}"
        )

    def _show(self, credentials: list[Credential]) -> None:
        """The passwords on the screen; they are in no log and in no file."""
        lines = [f"  {given.email:<24} {given.password}" for given in credentials]
        self.stdout.write(
            "\n".join(
                [
                    "",
                    RULE,
                    f"  The demo project (/p/{SLUG}/) has these accounts. The passwords are shown",
                    "  this once; note them now.",
                    "",
                    *lines,
                    "",
                    "  The admin runs the project, the rater compares, the trainer downloads.",
                    RULE,
                    "",
                ]
            )
        )
