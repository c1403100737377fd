"""What a program's request brings in: a file or a list, and how it is to be read."""

import json
from io import BytesIO
from typing import Any, cast

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.projects.models import Project
from apps.prompts.importing import hurry
from apps.prompts.imports.options import ImportOptions, check_options, read_options
from apps.prompts.imports.receiving import prepare_upload
from apps.prompts.imports.sampling import complete
from apps.prompts.imports.storage import Readable
from apps.prompts.imports.uploads import store_upload
from apps.prompts.imports.waking import wake_workers
from apps.prompts.models import PromptImport

JSON_LIMIT = 5 * 1024 * 1024


def send_in(*, project: Project, request: Request) -> PromptImport:
    """Store what a request brings, and let it come in.

    Raises:
        InvalidInputError: too big, of no kind that is read, or the options contradict themselves.
    """
    file, name, given = read_source(request)
    options = read_given_options(given)
    report = store_upload(
        project=project, file=file, file_name=name, user=cast("User", request.user), options=options
    )
    if report.sample is None:
        wake_workers()
    else:
        asked = complete(read_options(report), report.sample)
        hurry(report=report, user=cast("User", request.user), options=asked)
    return report


def read_given_options(given: Any) -> ImportOptions:
    values = {
        name: given[name] for name in ("status", "personal_data", "shape", "columns") if given.get(name)
    }
    if isinstance(values.get("columns"), str):
        try:
            values["columns"] = json.loads(values["columns"])
        except (ValueError, RecursionError):
            raise ValidationError({"columns": ["This is not JSON."]}) from None
    return check_options(**values, starts_by_itself=True)


def read_source(request: Request) -> tuple[Readable, str, Any]:
    """The file of a request, or its JSON list as if it were one: a line for each entry. With its options.

    Raises:
        InvalidInputError: too big, or neither.
    """
    if str(request.content_type).startswith("application/json"):
        if int(request.META.get("CONTENT_LENGTH") or 0) > JSON_LIMIT:
            raise InvalidInputError(
                f"At most {JSON_LIMIT // 1024 // 1024} MB can be sent as JSON; nothing was imported. "
                "Send it as a file."
            )
        return _read_list(request)
    prepare_upload(request._request)
    uploaded = request.FILES.get("file")
    if uploaded is None:
        raise ValidationError({"file": ["Send a file under this name, or a JSON list under `prompts`."]})
    return uploaded, str(uploaded.name), request.data


def _read_list(request: Request) -> tuple[Readable, str, Any]:
    try:
        data = request.data
    except RecursionError:
        raise InvalidInputError("The JSON is nested too deeply; nothing was imported.") from None
    prompts = data.get("prompts") if isinstance(data, dict) else None
    if not isinstance(prompts, list):
        raise ValidationError({"prompts": ["A list of objects is needed."]})
    return BytesIO(b"\n".join(json.dumps(entry).encode() for entry in prompts)), "API", data
