"""What leaves a snapshot: one file, or all of them as a ZIP file, from any byte on."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.models import AuditEvent
from apps.datasets.errors import SnapshotNotFinishedError
from apps.datasets.models import Snapshot
from apps.datasets.snapshots.ranges import Wanted, read_range
from apps.datasets.snapshots.storing import open_stored
from apps.datasets.snapshots.zip_layout import Stretch, ZipEntry, lay_out

BLOCK = 1 << 18
ACTION = "dataset.downloaded"
ONE_DOWNLOAD = timedelta(days=1)  # whoever goes on after that begins another one
TYPES = {".json": "application/json", ".jsonl": "application/jsonl", ".md": "text/markdown; charset=utf-8"}


class Spliced:
    """Stretches of bytes, one after the other, that any part can be read of without the rest."""

    def __init__(self, stored: str, stretches: Sequence[Stretch]) -> None:
        self._stored = stored
        self._stretches = stretches
        self.length = sum(one.length for one in stretches)

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        place = 0
        for one in self._stretches:
            first, last = max(start - place, 0), min(stop - place, one.length)
            if first < last:
                yield from self._read_one(one, first, last)
            place += one.length

    def _read_one(self, one: Stretch, first: int, last: int) -> Iterator[bytes]:
        if one.content is not None:
            yield one.content[first:last]
            return
        with closing(open_stored(self._stored, one.path)) as file:
            file.seek(first)
            left = last - first
            while left:
                block = file.read(min(BLOCK, left))
                if not block:
                    raise OSError(f"{one.path} of {self._stored} is shorter than it was")
                left -= len(block)
                yield block


def answer_with_zip(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    """All files of a snapshot as one ZIP file that is made as it is sent."""
    entries = [ZipEntry(one["path"], one["bytes"], one["crc32"]) for one in list_files(snapshot)]
    listed = "".join(f"{one['sha256']}  {one['path']}\n" for one in snapshot.files)
    etag = f'"{hashlib.sha256(listed.encode()).hexdigest()}"'
    name = f"{snapshot.project.slug}-{snapshot.number}-{snapshot.digest[:8]}.zip"
    return _answer(
        *(request, snapshot, Spliced(snapshot.stored, lay_out(entries))),
        etag=etag,
        name=name,
        kind="application/zip",
        what="all",
    )


def answer_with_file(request: HttpRequest, snapshot: Snapshot, path: str) -> HttpResponseBase:
    """One file of a snapshot, by its path in it."""
    found = next((one for one in list_files(snapshot) if one["path"] == path), None)
    if found is None:
        raise Http404("This snapshot has no such file.")
    name = path.replace("/", "-")
    suffix = name[name.rfind(".") :]
    return _answer(
        *(request, snapshot, Spliced(snapshot.stored, [Stretch(found["bytes"], path=path)])),
        etag=f'"{found["sha256"]}"',
        name=name,
        kind=TYPES.get(suffix, "application/octet-stream"),
        what=path,
    )


def list_files(snapshot: Snapshot) -> list[dict[str, Any]]:
    """What is known of each file.

    Raises:
        SnapshotNotFinishedError: it has none yet, or never will.
    """
    if not snapshot.is_finished:
        raise SnapshotNotFinishedError(
            f"This snapshot is {snapshot.get_status_display()}, so there is nothing to download. "
            "Wait until it is finished, or start another one."
        )
    return list(snapshot.files)


def _answer(
    request: HttpRequest, snapshot: Snapshot, body: Spliced, *, etag: str, name: str, kind: str, what: str
) -> HttpResponseBase:
    wanted = read_range(request.headers, length=body.length, etag=etag)
    response = _send(request, body, wanted, kind)
    if wanted.status in (200, 206):
        response.headers["Content-Length"] = str(wanted.stop - wanted.start)
        response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        if request.method == "GET":
            _record(snapshot, cast("User", request.user), what, begins=wanted.start == 0)
    if wanted.status == 206:
        response.headers["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{body.length}"
    if wanted.status == 416:
        response.headers["Content-Range"] = f"bytes */{body.length}"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-transform"
    return response


def _send(request: HttpRequest, body: Spliced, wanted: Wanted, kind: str) -> HttpResponseBase:
    if wanted.status in (304, 416) or request.method == "HEAD":
        return HttpResponse(status=wanted.status, content_type=kind)
    return StreamingHttpResponse(
        body.read(wanted.start, wanted.stop), status=wanted.status, content_type=kind
    )


def _record(snapshot: Snapshot, user: User, what: str, *, begins: bool) -> None:
    """Once a download: whoever reads on from the middle has begun it, or would hide that he did."""
    subject = f"snapshot:{snapshot.uid}"
    if not begins:
        since = timezone.now() - ONE_DOWNLOAD
        same = AuditEvent.objects.filter(subject=subject, actor=user, action=ACTION, data__what=what)
        if same.filter(at__gte=since).exists():
            return
    record_event(actor=user, action=ACTION, subject=subject, what=what, project=snapshot.project.slug)
