"""Snapshots as a program makes and takes them, and whether what arrives is what was promised."""

import hashlib
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.acceptance.client import Client
from tests.acceptance.projects import Project
from tests.smoke.checks import check
from tests.smoke.loop import wait

MADE_WITHIN = 240  # seconds; a claim of a worker that died is waited for
ENDS = ("finished", "cancelled", "failed")


@dataclass(frozen=True)
class Arrived:
    """A dataset on our side."""

    folder: Path
    manifest: dict[str, Any]
    digest: str

    @property
    def formats(self) -> list[str]:
        return list(self.manifest["recipe"]["document"]["formats"])

    def count_rows(self, name: str) -> int:
        return sum(self.manifest["counts"]["rows"][name].values())


def save_recipe(api: Client, project: Project, name: str, document: dict[str, Any]) -> str:
    """Its uid."""
    saved = api.post(f"{project.datasets}/recipes", {"name": name, "document": document})
    return str(saved["uid"])


def start(api: Client, project: Project, recipe: str) -> str:
    """The uid of a new snapshot."""
    return str(api.post(f"{project.datasets}/snapshots", {"recipe": recipe})["uid"])


def follow(api: Client, project: Project, uid: str, *, to: str = "finished") -> dict[str, Any]:
    """Wait for its end, which must be this one."""
    there = f"{project.datasets}/snapshots/{uid}"
    wait(lambda: api.get(f"{there}?wait=10")["status"] in ENDS, MADE_WITHIN, f"a snapshot in {project.slug}")
    found: dict[str, Any] = api.get(there)
    check(found["status"] == to, f"a snapshot in {project.slug} is {found['status']}: {found['error']}")
    return found


def fetch(api: Client, project: Project, uid: str, work: Path, *, in_two: bool = False) -> Arrived:
    """Download it as a ZIP file, unpack it, and check every hash."""
    there = f"{project.datasets}/snapshots/{uid}"
    packed = work / f"{uid}.zip"
    if in_two:
        api.download_in_two(f"{there}/download", packed)
        whole = api.download(f"{there}/download")
        check(packed.read_bytes() == whole, "what was read on is not what one download gives")
    else:
        packed.write_bytes(api.download(f"{there}/download"))
    folder = work / uid
    with zipfile.ZipFile(packed) as archive:
        check(archive.testzip() is None, f"the ZIP file of {uid} has a broken file")
        archive.extractall(folder)
    packed.unlink()
    manifest = json.loads((folder / "manifest.json").read_bytes())
    check(api.get(f"{there}/manifest") == manifest, f"the manifest of {uid} is another in the file")
    check_hashes(folder, manifest)
    digest = api.get(there)["digest"]
    check(digest == manifest["sha256"], f"the digest of {uid} is another in its manifest")
    return Arrived(folder, manifest, digest)


def check_hashes(folder: Path, manifest: dict[str, Any]) -> None:
    """Every file as the manifest has it, no file besides, and the whole as `sha256sum` would say it."""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    said = {one["path"]: one for one in manifest["files"]}
    check(
        found == {*said, "manifest.json"}, f"there are other files than the manifest has: {found ^ set(said)}"
    )
    lines = []
    for path, one in sorted(said.items()):
        content = (folder / path).read_bytes()
        sha = hashlib.sha256(content).hexdigest()
        check((sha, len(content)) == (one["sha256"], one["bytes"]), f"{path} is not what the manifest says")
        lines.append(f"{sha}  {path}\n")
    whole = hashlib.sha256("".join(lines).encode()).hexdigest()
    check(whole == manifest["sha256"], "the hash of the whole is not that of its parts")
