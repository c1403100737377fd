"""Answers that become a part of the guideline."""

from itertools import pairwise

from markdown_it import MarkdownIt

HEADING = "Edge cases"


def compose_entry(*, situation: str, answer: str) -> str:
    """An entry to start from: the situation as a quotation, below it what to do.

    Quoted, a rater's words can be no heading of the guideline.
    """
    quoted = "\n".join(f"> {line}".rstrip() for line in situation.strip().splitlines())
    return f"{quoted}\n\n{answer.strip()}".strip() + "\n"


def add_entry(*, text: str, entry: str) -> str:
    """The guideline with one entry more, at the end of its section on edge cases; made if there is none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip().split("\n")
    end = _find_end(lines)
    if end is None:
        return "\n".join([*lines, "", f"## {HEADING}", "", entry.strip(), ""])
    before, after = "\n".join(lines[:end]).rstrip(), "\n".join(lines[end:])
    return "\n\n".join(filter(None, (before, entry.strip(), after))) + "\n"


def _find_end(lines: list[str]) -> int | None:
    """The line at which the section ends; None where there is no such section."""
    level = None
    tokens = MarkdownIt("commonmark").parse("\n".join(lines))
    for token, content in pairwise(tokens):
        # A heading in a list or a quotation is not one of the guideline's own.
        if token.type != "heading_open" or token.level or token.map is None:
            continue
        if level is None and content.content.strip().casefold() == HEADING.casefold():
            level = token.tag
        elif level is not None and token.tag <= level:
            return token.map[0]
    return None if level is None else len(lines)
