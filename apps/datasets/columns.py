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


def convert_column(values: list[Any], type_: ColumnType) -> "pa.Array":
    """Values as an Arrow array.

    Structs go field by field, and one that stands in several places is converted once: a prompt is the same
    list in all of its pairs, a response the same dict.
    """
    import pyarrow as pa

    if not _holds_structs(type_):
        return pa.array(values, _to_arrow(type_))
    places: dict[int, int] = {}
    order = [places.setdefault(id(value), len(places)) for value in values]
    if len(places) == len(values):
        return _convert_structs(values, type_)
    once: list[Any] = [None] * len(places)
    for place, value in zip(order, values, strict=True):
        once[place] = value
    return _convert_structs(once, type_).take(pa.array(order, pa.int32()))


def _holds_structs(type_: ColumnType) -> bool:
    return isinstance(type_, dict) or (isinstance(type_, list) and isinstance(type_[0], dict))


def _convert_structs(values: list[Any], type_: ColumnType) -> "pa.Array":
    import pyarrow as pa

    if not isinstance(type_, dict) or any(value is None for value in values):
        return pa.array(values, _to_arrow(type_))
    fields = [convert_column([value[name] for value in values], inner) for name, inner in type_.items()]
    return pa.StructArray.from_arrays(fields, fields=list(_to_arrow(type_)))


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
