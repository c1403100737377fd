import io
import json

import pyarrow
import pyarrow.parquet
import pytest

from apps.core.errors import InvalidInputError
from apps.datasets.overlap.reading import read_texts


@pytest.mark.parametrize(
    ("content", "name", "texts"),
    [
        ("One?\n\n  Two? \r\nThree: {x}\n", "", ["One?", "Two?", "Three: {x}"]),
        ("\ufeffÅtta\n", "list.txt", ["Åtta"]),
        ('{"prompt": "One?"}\n{"prompt": "Two?"}\n', "", ["One?", "Two?"]),
        ('{"text": "One?", "id": 4}\n', "x.jsonl", ["One?"]),
        ('{"question": "One?", "answer": "No."}\n', "x.jsonl", ["One?"]),
        ('[{"instruction": "One?"}, {"instruction": "Two?"}]', "x.json", ["One?", "Two?"]),
        ('{"turns": ["One?", "And two?"]}\n', "", ["One?", "And two?"]),
        (
            json.dumps(
                {"messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]}
            ),
            "",
            ["Q"],
        ),
        ('id,question\n1,"One, ""two""?"\n2,Three?\n', "x.csv", ['One, "two"?', "Three?"]),
        ("prompt\tid\nOne?\t1\n", "x.tsv", ["One?"]),
    ],
)
def test_the_texts_of_a_file(content: str, name: str, texts: list[str]) -> None:
    assert read_texts(content.encode(), name) == texts


def test_the_column_can_be_named() -> None:
    content = b'{"prompt": "not this", "goal": "this"}\n'
    assert read_texts(content, "x.jsonl", column="goal") == ["this"]


def test_parquet() -> None:
    file = io.BytesIO()
    table = pyarrow.table({"question": ["One?", None, "Two?"], "text": [None, "More.", None]})
    pyarrow.parquet.write_table(table, file)
    assert read_texts(file.getvalue(), "x.parquet") == ["One?", "More.", "Two?"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b'{"prompt": "One?"}\nnot json\n', "x.jsonl", "Line 2: Not JSON"),
        (b'{"prompt": "One?"}\n{"id": 1}\n', "x.jsonl", "Line 2 has no text in one of"),
        (b"\xff\xfe", "", "not UTF-8"),
        (b'{"prompt": "' + b"x" * 300_000 + b'"}', "", "Line 1 is too long"),
    ],
)
def test_what_cannot_be_read_is_named(content: bytes, name: str, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        read_texts(content, name)
