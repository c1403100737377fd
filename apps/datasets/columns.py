"""A format's columns as an Arrow schema and as the features of a dataset card."""

from typing import TYPE_CHECKING, Any

from apps.datasets.formats.base import Columns, ColumnType

if TYPE_CHECKING:
    import pyarrow as pa


def make_arrow_schema(columns: Columns) -> "pa.Schema":
    """The explicit schema of a Parquet file."""
    import pyarrow as pa

    return pa.schema([pa.field(name, _to_arrow(type_)) for name, type_ in columns.items()])


def _to_arrow(type_: ColumnType) -> Any:
    import pyarrow as pa

    if isinstance(type_, dict):
        return pa.struct([pa.field(name, _to_arrow(inner)) for name, inner in type_.items()])
    if isinstance(type_, list):
        return pa.list_(_to_arrow(type_[0]))
    return pa.bool_() if type_ == "bool" else getattr(pa, type_)()


def list_features(columns: Columns) -> list[dict[str, Any]]:
    """The columns as `dataset_info.features` of a card has them (hub-docs, datasetcard.md)."""
    return [{"name": name, **_to_feature(type_)} for name, type_ in columns.items()]


def _to_feature(type_: ColumnType) -> dict[str, Any]:
    if isinstance(type_, dict):
        return {"struct": list_features(type_)}
    if isinstance(type_, list):
        inner = type_[0]
        if isinstance(inner, str):
            return {"list": inner}
        return {"list": list_features(inner) if isinstance(inner, dict) else _to_feature(inner)}
    return {"dtype": type_}
