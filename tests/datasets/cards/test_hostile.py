"""Names and texts that would break a table, the head or the page, if they could."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import DatasetCard
from markdown_it import MarkdownIt

from apps.datasets.cards.markdown import fence, flatten, inline, quote
from apps.datasets.formats.material import Material
from apps.projects.rubrics import RubricDocument
from tests.datasets.cards.conftest import QUESTIONS, Write
from tests.datasets.samples import make_material

HOSTILE = [
    "a | b || c",
    "two\nlines\r\nand | three",
    "---",
    "x\n---\nlicense: mit",
    "x\u2028---\u2029\x85---",
    "yes: [no, {null}] # & *anchor !!python/object",
    "`code` ``` **bold** _it_ ~~gone~~ [link](http://x) ![i](http://x)",
    "<script>alert(1)</script><!-- ",
    "</table>&lt;",
    "😀 你好 \u202eright\u202c",
    "# heading",
    "'\"\\",
    "{% include 'x' %}{{ name }}",
    "- list",
    "\x01\x1b[31m",
]
ASKED = {"kind": "preference", "key": "preference"}
EVERY = pytest.mark.parametrize("text", HOSTILE)


@EVERY
def test_a_hostile_name_leaves_the_head_and_the_page_whole(
    write: Write, tmp_path: Path, load: Any, text: str
) -> None:
    hostile = {**QUESTIONS, "questions": [ASKED | {"title": text, "hint": text}]}
    write(
        "preference",
        materials=(make_hostile(text),),
        name=text,
        description=text,
        recipe=text,
        rubrics={1: RubricDocument.model_validate(hostile)},
        guideline=(1, text),
    )
    head = DatasetCard.load(tmp_path / "out/README.md").data
    assert head.license == "unknown"
    assert head.pretty_name == flatten(text)
    assert [one["config_name"] for one in head.configs] == ["preference"]
    assert load(tmp_path / "out", "preference")["train"].num_rows == 1
    found = list_headings(read_body(tmp_path))
    write("preference", materials=(make_material({1: "Yes.", 2: "No."}, "a2"),))
    assert found == list_headings(read_body(tmp_path))


@EVERY
def test_a_hostile_name_stays_in_its_cell(text: str) -> None:
    tokens = MarkdownIt().enable("table").parse(f"| a | b |\n| --- | --- |\n| {inline(text)} | 7 |\n")
    cells = [tokens[place + 1].children for place, token in enumerate(tokens) if token.type == "td_open"]
    assert len(cells) == 2
    assert "".join(one.content for one in cells[0] or ()) == (flatten(text) or "unknown")
    assert {one.type for one in cells[0] or ()} <= {"text", "text_special"}


@EVERY
def test_a_quotation_ends_where_it_ends(text: str) -> None:
    tokens = MarkdownIt().parse(f"before\n\n{quote(text)}\n\nafter\n")
    outer = [token.type for token in tokens if token.level == 0]
    around = ["paragraph_open", "paragraph_close"]
    assert outer == [*around, "blockquote_open", "blockquote_close", *around]
    assert not any(token.type == "html_block" for token in tokens)


@EVERY
def test_a_block_of_code_holds_all_of_it(text: str) -> None:
    tokens = MarkdownIt().parse(f"{fence(text, 'json')}\n\nafter\n")
    assert [token.type for token in tokens if token.level == 0][:2] == ["fence", "paragraph_open"]


@EVERY
def test_yaml_survives(text: str) -> None:
    dumped = yaml.safe_dump({"name": flatten(text), "next": 1}, allow_unicode=True, width=1000)
    assert yaml.safe_load(dumped) == {"name": flatten(text), "next": 1}


def test_nobody_is_turned_around() -> None:
    assert flatten("a\u202eb\u2066c") == "abc"
    assert "\u202e" not in quote("\u202eb")


def list_headings(body: str) -> list[str]:
    """All but the first, which names the dataset."""
    tokens = MarkdownIt().enable("table").parse(body)
    return [
        tokens[place + 1].content
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0
    ][1:]


def read_body(folder: Path) -> str:
    return (folder / "out/README.md").read_text("utf-8").split("\n---\n", 1)[1]


def make_hostile(text: str) -> Material:
    """A pair whose prompt and responses are called so."""
    plain = make_material({1: "Yes.", 2: "No."}, "a2")
    (pair,) = plain.harvest.pairs
    item = pair.item._replace(responses=tuple(one._replace(name=text) for one in pair.item.responses))
    harvest = replace(
        plain.harvest,
        prompt=plain.harvest.prompt._replace(category=text),
        items=(item,),
        pairs=(pair._replace(item=item),),
    )
    return replace(plain, harvest=harvest)
