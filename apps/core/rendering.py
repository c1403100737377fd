"""Markdown that a model or a person wrote, as HTML that can do no harm.

Three walls: raw HTML is not parsed, what is rendered is sanitised by an allow list, and the content
security policy runs nothing inline. Images become links, so that nothing is fetched while someone reads.
"""

import re
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from apps.core import formulas

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "a", "span", "ul", "ol", "li",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "span": {"class"},
    "pre": {"tabindex"},
    "code": {"class"},
    **dict.fromkeys(formulas.TAGS, formulas.ATTRIBUTES),
}
# Some lexers take time without end on text made for it, most take time that grows with the square of the
# length, and two (Markdown's, HTTP's) call any other. So: the languages that people meet, and only so much.
LANGUAGES = {
    "bash", "c", "c++", "cpp", "cs", "csharp", "css", "dart", "diff", "dockerfile", "elixir", "go", "graphql",
    "haskell", "html", "ini", "java", "javascript", "js", "json", "jsx", "julia", "kotlin", "latex", "lua",
    "ocaml", "perl", "php", "powershell", "py", "pycon", "python", "r", "rb", "rs", "ruby", "rust", "scala",
    "scss", "sh", "shell", "sql", "swift", "tex", "toml", "ts", "tsx", "typescript", "xml", "yaml", "yml",
}  # fmt: skip
HIGHLIGHTED_CHARACTERS = 8_000
FOLDED_LINES = 30  # longer code can be folded away, to read what stands around it
CODE = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)
VERSION = 3  # of what this module makes of a text; whoever stores HTML stores it too


def _highlight(code: str, language: str, attributes: str) -> str:
    if language.lower() not in LANGUAGES:
        return ""
    return str(highlight(code, get_lexer_by_name(language), HtmlFormatter(nowrap=True)))


def _render_image(self: RendererHTML, tokens: Any, idx: int, options: Any, env: Any) -> str:
    token = tokens[idx]
    label = nh3.clean_text(token.content or "image")
    return f'<a href="{nh3.clean_text(str(token.attrs.get("src", "")))}">Image: {label}</a>'


def _shift_headings(state: Any) -> None:
    """Below the page's own headings, which go down to the second level, and none of them left out."""
    above: list[str] = []
    tag = ""
    for token in state.tokens:
        if token.type == "heading_open":
            while above and above[-1] >= token.tag:
                above.pop()
            above.append(token.tag)
            tag = f"h{min(2 + len(above), 6)}"
        if token.type in {"heading_open", "heading_close"}:
            token.tag = tag


def _leave_long_code_plain(state: Any) -> None:
    left = HIGHLIGHTED_CHARACTERS
    for token in state.tokens:
        if token.type == "fence":
            left -= len(token.content)
            token.info = token.info if left >= 0 else ""


def _frame_code(found: re.Match[str]) -> str:
    block = f'<pre tabindex="0">{found[1]}</pre>'
    lines = found[1].count("\n")
    if lines < FOLDED_LINES:
        return block
    return f'<details class="fold" open><summary>Code, {lines} lines</summary>{block}</details>'


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "highlight": _highlight})
    parser.enable(["table", "strikethrough"])
    parser.add_render_rule("image", _render_image)
    formulas.enable_formulas(parser)
    parser.core.ruler.push("shift_headings", _shift_headings)
    parser.core.ruler.push("leave_long_code_plain", _leave_long_code_plain)
    return parser


@lru_cache(maxsize=2048)
def render_markdown(text: str) -> str:
    """HTML of `text`, sanitised; safe to mark as such in a template."""
    html = nh3.clean(
        _parser().render(text),
        tags=TAGS | formulas.TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    # What is wider than the column scrolls sideways, so it must be reachable by keyboard.
    return (
        CODE.sub(_frame_code, html)
        .replace("<table>", '<div class="scroll-x" tabindex="0"><table>')
        .replace("</table>", "</table></div>")
    )
