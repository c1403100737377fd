"""Derive every outcome again from the annotations, for instance after a question kind was mended."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.rating.outcomes import rebuild_outcomes


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Derived the outcomes of {rebuild_outcomes():,} annotations.")
