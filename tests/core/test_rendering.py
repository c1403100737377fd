"""What Markdown becomes: faithful where it is harmless, inert where it is not."""

import re
import time
from html.parser import HTMLParser

import pytest

from apps.core.rendering import HIGHLIGHTED_CHARACTERS, _parser, render_markdown
from tests.xss_vectors import VECTORS

# Written out here once more, so that nobody widens them unawares. The div is put around tables afterwards.
ALLOWED_TAGS = {
    "p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "a", "span", "ul", "ol", "li",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "div", "details", "summary",
    "math", "menclose", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mroot",
    "mrow", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder",
    "munderover",
}  # fmt: skip
DRAWING = {
    "accent", "columnalign", "columnlines", "columnspacing", "depth", "display", "displaystyle", "fence",
    "form", "height", "linebreak", "linethickness", "lspace", "mathvariant", "maxsize", "minsize", "notation",
    "rowlines", "rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "voffset", "width",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {
    "a": {"href", "title", "rel", "target"},
    "ol": {"start"},
    "span": {"class"},
    "pre": {"tabindex"},
    "code": {"class"},
    "div": {"class", "tabindex"},
    "details": {"class", "open"},
    **{tag: DRAWING for tag in ALLOWED_TAGS if tag.startswith("m")},
}


class Inspector(HTMLParser):
    """Collects the elements that a browser would build."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.oddities: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.oddities.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment

    @property
    def links(self) -> list[str]:
        return [attributes["href"] or "" for tag, attributes in self.elements if "href" in attributes]


def scheme_of(link: str) -> str | None:
    """As browsers read it: they drop tabs, newlines and what cannot be seen before it (WHATWG URL, 4.4)."""
    seen = re.sub(r"[\t\n\r]", "", link.strip("".join(map(chr, range(33)))))
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", seen, re.IGNORECASE)
    return scheme.group(1).lower() if scheme else None


@pytest.mark.parametrize("text", VECTORS.values(), ids=VECTORS.keys())
def test_hostile_text_becomes_nothing_that_runs(text: str) -> None:
    look_at(render_markdown(text))


@pytest.mark.parametrize("text", VECTORS.values(), ids=VECTORS.keys())
def test_second_wall_holds_where_the_first_is_down(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sanitiser alone, with raw HTML let through by the parser."""
    monkeypatch.setitem(_parser().options, "html", True)

    look_at(render_markdown.__wrapped__(text))


def look_at(html: str) -> None:
    found = Inspector(html)
    assert {tag for tag, _ in found.elements} <= ALLOWED_TAGS
    for tag, attributes in found.elements:
        assert attributes.keys() <= ALLOWED_ATTRIBUTES.get(tag, set())
    assert all(scheme_of(link) in {None, "http", "https", "mailto"} for link in found.links)
    assert not found.oddities


@pytest.mark.parametrize("text", VECTORS.values(), ids=VECTORS.keys())
def test_rendering_twice_gives_the_same(text: str) -> None:
    """What a cache holds must not depend on what was rendered before."""
    assert render_markdown(text) == render_markdown.__wrapped__(text)


def test_raw_html_is_shown_as_the_text_that_it_is() -> None:
    assert Inspector(render_markdown("a <b>bold</b> claim")).text.strip() == "a <b>bold</b> claim"


def test_images_are_links_so_that_nothing_is_fetched() -> None:
    html = render_markdown("![a cat](https://example.org/cat.png)")

    assert 'href="https://example.org/cat.png"' in html
    assert "Image: a cat" in html


def test_links_open_elsewhere_and_tell_nothing() -> None:
    (attributes,) = (
        a for tag, a in Inspector(render_markdown("[x](https://example.org)")).elements if tag == "a"
    )

    assert attributes["rel"] == "noopener noreferrer nofollow"
    assert attributes["target"] == "_blank"


def test_headings_stand_below_those_of_the_page() -> None:
    html = render_markdown("# One\n\n## Two\n\n###### Six")

    assert [tag for tag, _ in Inspector(html).elements] == ["h3", "h4", "h5"]


def test_no_level_of_headings_is_left_out_wherever_a_text_begins() -> None:
    html = render_markdown("### A\n\n# B\n\n##### C\n\n###### D\n\n## E")

    assert [tag for tag, _ in Inspector(html).elements] == ["h3", "h3", "h4", "h5", "h4"]


def test_code_is_highlighted_by_classes_and_keeps_its_text() -> None:
    code = 'def f(x):\n    return x < 1 and "<b>"\n'
    found = Inspector(render_markdown(f"```python\n{code}```"))

    assert found.text.strip() == code.strip()
    assert ("span", {"class": "k"}) in found.elements
    assert ("pre", {"tabindex": "0"}) in found.elements


@pytest.mark.parametrize("language", ["nonsense", "apacheconf", "markdown", "http"])
def test_other_languages_stay_plain(language: str) -> None:
    found = Inspector(render_markdown(f"```{language}\n<a b='c'>\n```"))

    assert found.text.strip() == "<a b='c'>"
    assert "span" not in {tag for tag, _ in found.elements}


def test_much_code_stays_plain_from_where_it_is_too_much() -> None:
    long = "x = 1\n" * (HIGHLIGHTED_CHARACTERS // 6)
    found = Inspector(
        render_markdown(f"```python\nfirst = 1\n```\n\n```python\n{long}```\n\n```python\nlast = 1\n```")
    )

    assert found.text.count("x = 1") == HIGHLIGHTED_CHARACTERS // 6
    assert sum(tag == "span" for tag, _ in found.elements) == 3  # a name, a sign and a number of the first


def test_tables_can_be_scrolled_by_keyboard() -> None:
    html = render_markdown("| a | b |\n|---|---|\n| 1 | 2 |")

    assert html.startswith('<div class="scroll-x" tabindex="0"><table>')


@pytest.mark.parametrize(
    "text",
    [
        "*" * 50_000,
        "[" * 50_000,
        "![" * 20_000,
        ">" * 50_000,
        "a**b" * 20_000,
        "[a](<b" * 20_000,
        "```autoit\n" + " \t" * 50_000 + "\n```",
        "```php\n<?php " + '"$a[' * 50_000 + "\n```",
        "```java\n" + "a " * 3_500 + "\n```",
    ],
    ids=lambda text: text[:8].replace("\n", " "),
)
def test_text_made_to_take_long_does_not(text: str) -> None:
    began = time.process_time()

    render_markdown(text)

    assert time.process_time() - began < 5
