"""Every configuration as `datasets` and `mlcroissant` load it, offline."""

import importlib.util
import json
import logging
from typing import Any

import yaml

from tests.acceptance.snapshots import Arrived
from tests.smoke.checks import check

Rows = dict[str, Any]  # tables of `datasets`, by split


def load_all(arrived: Arrived, cache: str) -> dict[str, Rows]:
    """Tables by configuration and split, as many rows in each as the manifest says."""
    from datasets import load_dataset

    header = (arrived.folder / "README.md").read_text(encoding="utf-8").split("---\n")[1]
    names = [config["config_name"] for config in yaml.safe_load(header)["configs"]]
    check(names == arrived.formats, f"the card has the configurations {names}, not {arrived.formats}")
    loaded = {name: dict(load_dataset(str(arrived.folder), name, cache_dir=cache)) for name in names}
    for name, splits in loaded.items():
        found = {split: len(rows) for split, rows in splits.items()}
        said = arrived.manifest["counts"]["rows"][name]
        check(found == said, f"{name} loads as {found}, and the manifest says {said}")
        columns, there = join(splits).column_names, list(read_files(arrived, name)[0])
        check(columns == there, f"{name} has the columns {there}, and the card says {columns}")
    return loaded


def join(splits: Rows) -> Any:
    """All rows of a configuration, whatever their split."""
    from datasets import concatenate_datasets

    return concatenate_datasets([splits[name] for name in sorted(splits)])


def read_files(arrived: Arrived, name: str, *, beside: bool = False) -> list[dict[str, Any]]:
    """The rows of a format's files as they stand there, or what lies beside them, in the order of `join`."""
    from pyarrow import parquet

    found: list[dict[str, Any]] = []
    for split in sorted(arrived.manifest["counts"]["rows"][name]):
        ending = ".origin" if beside else ""
        (path,) = (arrived.folder / name).glob(f"{split}{ending}.[jp]*")
        if path.suffix == ".parquet":
            found += parquet.read_table(path).to_pylist()
        else:
            found += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return found


def load_croissant(arrived: Arrived) -> int | None:
    """Read the first row of every record set; how many there are, None without what reads them."""
    path = arrived.folder / "croissant.json"
    if not path.exists() or importlib.util.find_spec("mlcroissant") is None:
        return None
    import mlcroissant

    logging.getLogger("absl").setLevel(logging.ERROR)  # it recommends times, which would change the bytes
    dataset = mlcroissant.Dataset(jsonld=str(path))
    errors = list(dataset.metadata.issues.errors)
    check(not errors, f"mlcroissant finds errors: {errors}")
    sets = [one for one in dataset.metadata.record_sets if not one.data]
    for one in sets:
        row = next(iter(dataset.records(one.uuid)), None)
        check(row is not None, f"mlcroissant reads no row of {one.uuid}")
    return len(sets)
