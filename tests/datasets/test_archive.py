import io
import zipfile
from pathlib import Path

from apps.datasets.archive import EPOCH, pack_folder


def pack(folder: Path) -> bytes:
    target = io.BytesIO()
    pack_folder(folder, target)
    return target.getvalue()


def test_files_come_by_path_and_without_their_times(tmp_path: Path) -> None:
    for name in ("sft/train.parquet", "README.md", "preference/test.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name * 100)
    archive = zipfile.ZipFile(io.BytesIO(pack(tmp_path)))
    assert archive.namelist() == ["README.md", "preference/test.jsonl", "sft/train.parquet"]
    assert {entry.date_time for entry in archive.infolist()} == {EPOCH}
    assert archive.read("README.md").decode() == "README.md" * 100


def test_what_is_compressed_already_is_stored_as_it_is(tmp_path: Path) -> None:
    for name in ("a.parquet", "b.jsonl"):
        (tmp_path / name).write_text("x" * 1000)
    kinds = [entry.compress_type for entry in zipfile.ZipFile(io.BytesIO(pack(tmp_path))).infolist()]
    assert kinds == [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]
