"""Datasets leave here, and every departure is in the audit trail."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.http import FileResponse
from django.utils import timezone

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.datasets.archive import pack_folder
from apps.datasets.tally import Tally
from apps.datasets.writing import choose_formats, write_dataset
from apps.projects.models import Project


@dataclass(frozen=True)
class Archive:
    """A ZIP file on disk that vanishes when it is closed."""

    name: str
    file: IO[bytes]


def export_folder(
    *, project: Project, formats: Sequence[str], container: str, folder: Path, actor: User | None
) -> Tally:
    """Write a dataset into `folder`; see `apps.datasets.writing.write_dataset`."""
    tally = write_dataset(project=project, formats=formats, container=container, folder=folder)
    _record(project=project, formats=formats, container=container, tally=tally, actor=actor)
    return tally


def export_archive(
    *, project: Project, formats: Sequence[str], container: str, actor: User | None
) -> Archive:
    """Write a dataset and pack it. The caller closes the file."""
    with tempfile.TemporaryDirectory(prefix="touchstone-export-") as scratch:
        folder = Path(scratch) / "dataset"
        tally = write_dataset(project=project, formats=formats, container=container, folder=folder)
        file = tempfile.TemporaryFile(prefix="touchstone-export-")  # noqa: SIM115 — the answer closes it
        try:
            pack_folder(folder, file)
            _record(project=project, formats=formats, container=container, tally=tally, actor=actor)
        except BaseException:
            file.close()
            raise
    file.seek(0)
    kinds = "-".join(one.NAME for one in choose_formats(formats))
    return Archive(f"{project.slug}-{kinds}-{container}-{timezone.now():%Y-%m-%d}.zip", file)


def answer_with_archive(archive: Archive) -> FileResponse:
    """Stream it; the file goes when the answer is closed."""
    return FileResponse(
        archive.file, as_attachment=True, filename=archive.name, content_type="application/zip"
    )


def _record(
    *, project: Project, formats: Sequence[str], container: str, tally: Tally, actor: User | None
) -> None:
    rows = {f"{name}/{split}": count for (name, split), count in sorted(tally.rows.items())}
    record_event(
        actor=actor,
        action="dataset.exported",
        subject=f"project:{project.slug}",
        formats=list(formats),
        container=container,
        rows=rows,
    )
