"""LaTeX in a text as MathML, which browsers draw and screen readers speak without any script."""

import html
import re
from typing import Any
from xml.etree import ElementTree

import nh3
from latex2mathml.converter import convert_to_element
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_block_dollar

TAGS = {
    "math", "menclose", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mroot",
    "mrow", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder",
    "munderover",
}  # fmt: skip
ATTRIBUTES = {
    "accent", "columnalign", "columnlines", "columnspacing", "depth", "display", "displaystyle", "fence",
    "form", "height", "linebreak", "linethickness", "lspace", "mathvariant", "maxsize", "minsize", "notation",
    "rowlines", "rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "voffset", "width",
}  # fmt: skip
# Those that set equations under each other are tables to the converter.
ALIGNED = re.compile(r"\\(begin|end)\{(?:aligned|align\*?|split|gathered|eqnarray\*?)\}")
LONGEST = 2_000  # characters of one formula
MOST = 10_000  # of all formulas in a text
MOST_LINES = 100  # that are looked through for the end of one
_find_block = math_block_dollar(allow_labels=False, allow_blank_lines=True)


def enable_formulas(parser: MarkdownIt) -> None:
    r"""Let the parser find `$…$`, `$$…$$`, `\(…\)` and `\[…\]`. Two prices in a sentence are no formula."""
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False)
    parser.block.ruler.at("math_block", _find_near_block)
    parser.inline.ruler.before("escape", "math_brackets", _find_brackets)
    for name in ("math_inline", "math_inline_double", "math_block"):
        parser.add_render_rule(name, _render)
    parser.core.ruler.push("leave_long_formulas_plain", _leave_long_formulas_plain)


def render_formula(source: str, *, is_block: bool) -> str:
    """MathML of a formula, or its source as code where it cannot be read."""
    try:
        found = convert_to_element(_lay_out(source), display="block" if is_block else "inline")
        return ElementTree.tostring(_sift(found), encoding="unicode")
    except Exception:  # the converter raises many kinds, and a text must be shown whatever is in it
        return f"<code>{nh3.clean_text(source)}</code>"


def _lay_out(source: str) -> str:
    return ALIGNED.sub(
        lambda found: r"\begin{array}{rlrlrl}" if found[1] == "begin" else r"\end{array}", source.strip()
    )


def _sift(found: ElementTree.Element) -> ElementTree.Element:
    """Only elements and attributes that draw; what is inside of others stays as text."""
    kept = ElementTree.Element(found.tag if found.tag in TAGS else "mrow")
    kept.attrib = {key: value for key, value in found.attrib.items() if key in ATTRIBUTES}
    kept.text = html.unescape(found.text or "")  # the converter writes characters as references
    kept.extend([_sift(child) for child in found])
    return kept


def _find_near_block(state: Any, start: int, end: int, silent: bool) -> bool:
    """The parser's rule for `$$…$$` over lines, which else reads all that follows each `$$` left open."""
    return _find_block(state, start, min(end, start + MOST_LINES), silent)


def _find_brackets(state: Any, silent: bool) -> bool:
    r"""The parser's rule for `\(…\)` and `\[…\]`, which looks ahead only so far as a formula may be long."""
    closing = {r"\(": r"\)", r"\[": r"\]"}.get(state.src[state.pos : state.pos + 2])
    if closing is None:
        return False
    end = state.src.find(closing, state.pos + 2, state.pos + LONGEST)
    if end < 0 or not state.src[state.pos + 2 : end].strip():
        return False
    if not silent:
        token = state.push("math_inline" if closing == r"\)" else "math_inline_double", "math", 0)
        token.content = state.src[state.pos + 2 : end]
    state.pos = end + 2
    return True


def _render(self: Any, tokens: Any, idx: int, options: Any, env: Any) -> str:
    if tokens[idx].meta.get("is_plain"):
        return f"<code>{nh3.clean_text(tokens[idx].content)}</code>"
    kind = tokens[idx].type
    markup = render_formula(tokens[idx].content, is_block=kind != "math_inline")
    return f"<p>{markup}</p>\n" if kind == "math_block" else markup


def _leave_long_formulas_plain(state: Any) -> None:
    left = MOST
    for token in state.tokens:
        for part in (token, *(token.children or ())):
            if part.type.startswith("math_"):
                left -= len(part.content)
                part.meta["is_plain"] = left < 0 or len(part.content) > LONGEST
