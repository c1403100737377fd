"""Uploads go straight to the disk that they will stay on: no size of file fills the memory."""

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest

from apps.prompts.imports.storage import FOLDER, TooLargeError, explain_no_room, say_too_large

ENVELOPE = 1_100_000  # what a form may have beside its file: pasted lines, names, borders


class FolderUpload(TemporaryUploadedFile):
    """A temporary file beside the stored ones, so that storing it is a change of its name."""

    def __init__(self, folder: Path, name: str, content_type: str, charset: str) -> None:
        file = tempfile.NamedTemporaryFile(suffix=".upload", dir=folder)  # noqa: SIM115 — closed with the request
        UploadedFile.__init__(self, file, name, content_type, 0, charset, {})


class FolderUploadHandler(TemporaryFileUploadHandler):
    def new_file(self, *args: Any, **kwargs: Any) -> None:
        try:
            folder = Path(default_storage.path(FOLDER))
        except NotImplementedError:  # a storage that is no disk
            super().new_file(*args, **kwargs)
            return
        FileUploadHandler.new_file(self, *args, **kwargs)
        folder.mkdir(parents=True, exist_ok=True)
        self.file = FolderUpload(folder, self.file_name or "", self.content_type or "", self.charset or "")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        with explain_no_room():
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError:
                with suppress(OSError):  # what it still holds in memory has no room either
                    self.file.close()
                raise


def prepare_upload(request: HttpRequest) -> None:
    """Look at a request's size and say where its file goes. Call it before anything reads the body.

    Raises:
        TooLargeError: it announces more than a file may have; nothing of it was read.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.IMPORT_LIMIT + ENVELOPE:
        raise TooLargeError(say_too_large(settings.IMPORT_LIMIT))
    request.upload_handlers = [FolderUploadHandler(request)]
