"""croissant.json: the dataset as machines read of it (Croissant 1.0 with its RAI extension). Pure."""

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from apps.datasets.cards.card import write_citation
from apps.datasets.cards.facts import CardFacts, Configuration
from apps.datasets.cards.fields import MEANINGS, RESPONSE_MEANINGS
from apps.datasets.cards.markdown import flatten
from apps.datasets.cards.telling import collection, findings, personal_data, rows, use
from apps.datasets.digests import FileFacts
from apps.datasets.formats.base import ColumnType
from apps.rating.models import Origin

CONFORMS_TO = ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"]
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
ENCODINGS = {
    "parquet": "application/x-parquet",
    "jsonl": "application/jsonlines",
    "json": "application/json",
}
TYPES = {"string": "sc:Text", "int64": "sc:Integer", "float64": "sc:Float", "bool": "sc:Boolean"}


def write_croissant(facts: CardFacts) -> str:
    """The whole of it. The same facts give the same text."""
    about = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": flatten(facts.name),
        "description": facts.description.strip() or use.tell_uses(facts),
        "conformsTo": CONFORMS_TO,
        "version": f"1.0.0+{facts.digest[:12]}",
        "license": "unknown",
        "citeAs": write_citation(facts),
        "keywords": ["human feedback", "preference", *(one.name for one in facts.configurations)],
        **({"inLanguage": facts.languages} if facts.languages else {}),
        **({"dateModified": facts.census.last_at[:10]} if facts.census.last_at else {}),
        **_describe_responsibly(facts),
        "distribution": [
            *map(_describe_file, facts.files),
            *(_list_files(one, facts) for one in facts.configurations),
        ],
        "recordSet": [_describe_records(one) for one in facts.configurations],
    }
    return json.dumps(about, indent=2, ensure_ascii=False) + "\n"


def _describe_responsibly(facts: CardFacts) -> dict[str, Any]:
    """The RAI keys; what nothing is known of is left out."""
    machines = bool(facts.census.count_answers(Origin.MACHINE))
    answers = sum(facts.census.answers.values())
    each = f"{answers / facts.census.items:.1f} answers on average" if facts.census.items else ""
    told: dict[str, Any] = {
        "rai:dataCollection": " ".join(collection.tell_collection(facts)),
        "rai:dataCollectionTimeFrame": _list_times(facts),
        "rai:dataCollectionMissingData": rows.tell_left_out(facts),
        "rai:dataAnnotationProtocol": rows.tell_consensus(facts),
        "rai:dataAnnotationPlatform": ["Touchstone"],
        "rai:dataAnnotationAnalysis": findings.tell_agreement(facts),
        "rai:annotationsPerItem": each,
        "rai:annotatorDemographics": [*collection.tell_raters(facts), collection.tell_demographics(facts)],
        "rai:machineAnnotationTools": ["Machine answers; each names its program as the rater."]
        if machines
        else [],
        "rai:dataBiases": findings.tell_biases(facts),
        "rai:dataLimitations": use.tell_limits(facts),
        "rai:dataUseCases": [use.tell_uses(facts)],
        "rai:personalSensitiveInformation": personal_data.tell_personal_data(facts),
        "rai:dataReleaseMaintenancePlan": (
            "This dataset never changes; a later one of the same recipe keeps every prompt in its split."
        ),
    }
    return {key: value for key, value in told.items() if value and value != [""]}


def _list_times(facts: CardFacts) -> list[str]:
    return [at for at in (facts.census.first_at, facts.census.last_at) if at]


def _describe_file(file: FileFacts) -> dict[str, Any]:
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


def _name_files(one: Configuration) -> str:
    return f"{one.name}-files"


def _list_files(one: Configuration, facts: CardFacts) -> dict[str, Any]:
    """The files of a configuration together, one for each split."""
    return {
        "@type": "cr:FileSet",
        "@id": _name_files(one),
        "name": _name_files(one),
        "description": f"The rows of {one.name}, a file for each split.",
        "encodingFormat": ENCODINGS[facts.suffix],
        "includes": [file.path for file in one.files.values()],
    }


def _describe_records(one: Configuration) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": one.name,
        "name": one.name,
        "description": one.made_by.SUMMARY,
        "field": [_describe_split(one), *_describe_columns(one)],
    }


def _describe_split(one: Configuration) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{one.name}/split",
        "name": "split",
        "description": "train, validation or test, as its file is called",
        "dataType": "sc:Text",
        "source": {
            "fileSet": {"@id": _name_files(one)},
            "extract": {"fileProperty": "filename"},
            "transform": {"regex": r"^([a-z]+)\..*$"},
        },
    }


def _describe_columns(one: Configuration) -> Iterator[dict[str, Any]]:
    for name, type_ in one.columns.items():
        yield _Column(_name_files(one), name).describe(f"{one.name}/{name}", type_, [])


class _Column:
    """A column and what is nested in it."""

    def __init__(self, files: str, column: str) -> None:
        self._files = files
        self._column = column

    def describe(self, place: str, type_: ColumnType, path: list[str]) -> dict[str, Any]:
        """A field at `place`, `path` being the names of the structs' fields that lead to it."""
        name = place.rsplit("/", 1)[1]
        field: dict[str, Any] = {"@type": "cr:Field", "@id": place, "name": name}
        if meaning := self._find_meaning(path):
            field["description"] = meaning
        if isinstance(type_, list):
            field["repeated"] = True
        while isinstance(type_, list):
            type_ = type_[0]
        if isinstance(type_, dict):
            field["subField"] = [
                self.describe(f"{place}/{inner}", inner_type, [*path, inner])
                for inner, inner_type in type_.items()
            ]
            return field
        return field | {"dataType": TYPES[type_], "source": self._locate(path)}

    def _locate(self, path: list[str]) -> dict[str, Any]:
        source: dict[str, Any] = {
            "fileSet": {"@id": self._files},
            "extract": {"column": self._column},
        }
        # A step at a time, since a list is gone through for each.
        steps = [{"jsonPath": name} for name in path]
        return source | ({"transform": steps if len(steps) > 1 else steps[0]} if steps else {})

    def _find_meaning(self, path: list[str]) -> str:
        if self._column != "metadata" or not path:
            return ""
        return MEANINGS[path[0]] if len(path) == 1 else RESPONSE_MEANINGS[path[1]]
