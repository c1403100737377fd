"""A dataset's files, as Croissant lists them."""

from pathlib import PurePosixPath
from typing import Any

from apps.datasets.cards.facts import CardFacts, Configuration
from apps.datasets.digests import FileFacts

ENCODINGS = {
    "parquet": "application/x-parquet",
    "jsonl": "application/jsonlines",
    "json": "application/json",
}


def describe_file(file: FileFacts) -> dict[str, Any]:
    suffix = PurePosixPath(file.path).suffix[1:]
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": ENCODINGS.get(suffix, "text/plain"),
        "sha256": file.sha256,
    }


def name_files(one: Configuration) -> str:
    return f"{one.name}-files"


def list_files(one: Configuration, facts: CardFacts) -> dict[str, Any]:
    """The files of a configuration together, one for each split."""
    return {
        "@type": "cr:FileSet",
        "@id": name_files(one),
        "name": name_files(one),
        "description": f"The rows of {one.name}, a file for each split.",
        "encodingFormat": ENCODINGS[facts.suffix],
        "includes": [file.path for file in one.files.values()],
    }
