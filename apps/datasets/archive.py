"""A dataset as one ZIP file; the same folder gives the same bytes."""

import zipfile
from pathlib import Path
from typing import IO

EPOCH = (1980, 1, 1, 0, 0, 0)  # the format's own beginning: no time of packing in the bytes


def pack_folder(folder: Path, target: IO[bytes]) -> None:
    """Write every file under `folder` into `target`, by path; Parquet is compressed already."""
    with zipfile.ZipFile(target, "w", allowZip64=True) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
            entry.external_attr = 0o644 << 16
            packed = path.suffix == ".parquet"
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            entry.file_size = path.stat().st_size
            with path.open("rb") as source, archive.open(entry, "w") as copy:
                while block := source.read(1 << 20):
                    copy.write(block)
