"""Files for imports, and imports in each state."""

import io
from typing import Any

from apps.projects.models import Project
from apps.prompts.imports.options import ImportOptions, read_options
from apps.prompts.imports.sampling import complete
from apps.prompts.imports.states import start_import
from apps.prompts.imports.uploads import store_upload
from apps.prompts.models import PromptImport


def make_lines(number: int, start: int = 0) -> bytes:
    return b"".join(b'{"prompt": "number %05d"}\n' % n for n in range(start, start + number))


def upload(project: Project, content: bytes, name: str = "a.jsonl", **options: Any) -> PromptImport:
    file = io.BytesIO(content)
    return store_upload(project=project, file=file, file_name=name, options=ImportOptions(**options))


def start(project: Project, content: bytes, name: str = "a.jsonl", **options: Any) -> PromptImport:
    """An import that waits for a worker."""
    report = upload(project, content, name, **options)
    return start_import(report=report, options=complete(read_options(report), report.sample or {}), user=None)
