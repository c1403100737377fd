"""A Label Studio that runs on a database of ours and talks to nobody."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from benchmarks.label_studio_install import find_package
from benchmarks.server import run_server


@dataclass(frozen=True)
class Site:
    """An installed Label Studio, the database it is to use, and a folder for its files and its log."""

    python: Path
    database: str
    folder: Path

    @cached_property
    def package(self) -> Path:
        return find_package(self.python)

    @property
    def env(self) -> Mapping[str, str]:
        known = conninfo_to_dict(self.database)
        return {
            "PATH": os.environ["PATH"],
            "PYTHONWARNINGS": "ignore",
            "DJANGO_SETTINGS_MODULE": "core.settings.label_studio",
            "DJANGO_DB": "default",
            "POSTGRE_HOST": str(known["host"]),
            "POSTGRE_PORT": str(known["port"]),
            "POSTGRE_USER": str(known["user"]),
            "POSTGRE_NAME": str(known["dbname"]),
            # The wheel's PostgreSQL has neither extension; so Label Studio has fewer indexes to keep.
            "SKIP_TRIGRAM_EXTENSION": "full",
            "SKIP_BTREE_GIN_EXTENSION": "full",
            "HOME": str(self.folder),
            "BASE_DATA_DIR": str(self.folder),
            "SECRET_KEY": "benchmark" * 6,
            "LOG_LEVEL": "ERROR",
            "COLLECT_ANALYTICS": "false",
            "LATEST_VERSION_CHECK": "false",
            "SENTRY_DSN": "",
            "FRONTEND_SENTRY_DSN": "",
        }

    def migrate(self) -> None:
        """Begin with an empty folder and make the tables."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        command = [str(self.python), "manage.py", "migrate", "--verbosity=0"]
        with (self.folder / "migrate.log").open("w") as log:
            ran = subprocess.run(command, env=self.env, cwd=self.package, stdout=log, stderr=log, check=False)
        if ran.returncode:
            raise SystemExit(f"Label Studio's tables were not made; {log.name} says why.")

    @contextmanager
    def serve(self) -> Iterator[int]:
        """The same gunicorn, workers and threads as for our own server; yields the port."""
        with (
            (self.folder / "server.log").open("w") as log,
            run_server(
                "core.wsgi",
                health="/health",
                python=self.python,
                env=self.env,
                folder=self.package,  # Label Studio imports its modules from here
                log=log,
            ) as port,
        ):
            yield port
