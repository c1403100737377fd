"""Look through a text. What is found depends on the text and the rules alone."""

import re
from collections.abc import Iterator

from apps.prompts.personal_data.accounts import find_cards, find_ibans
from apps.prompts.personal_data.addresses import find_emails, find_ips
from apps.prompts.personal_data.findings import Finding, Kind
from apps.prompts.personal_data.phones import find_phones
from apps.prompts.personal_data.rules import Rules, compile_expression, compile_masks

_DIGIT = re.compile(r"\d")
_ROUNDS = 6
MOST = 1000  # findings of a text


def scan_text(text: str, rules: Rules) -> list[Finding]:
    """What is found in `text`, in order and without overlaps.

    Masking all of it leaves a text in which nothing more is found: what stands between findings is read
    again until nothing turns up, as it begins and ends at a mask then.
    """
    findings: list[Finding] = []
    pieces = _split_at_masks(text, rules)
    for _ in range(_ROUNDS):
        pieces = [rest for piece in pieces for rest in _scan_piece(text, piece, rules, findings)]
        if not pieces:
            return _limit(findings)
    # A pattern such as ^x eats its way through; what still fits it goes as a whole.
    for start, end in pieces:
        found = next(_find(text[start:end], rules), None)
        if found:
            findings.append(Finding(found[1], start, end))
    return _limit(findings)


def _limit(findings: list[Finding]) -> list[Finding]:
    """In order. A pattern that finds every letter would fill the memory: the last takes all the rest."""
    ordered = sorted(findings, key=lambda finding: finding.start)
    if len(ordered) <= MOST:
        return ordered
    last = Finding(ordered[MOST - 1].kind, ordered[MOST - 1].start, ordered[-1].end)
    return [*ordered[: MOST - 1], last]


def _split_at_masks(text: str, rules: Rules) -> list[tuple[int, int]]:
    if " masked]" not in text:
        return [(0, len(text))]
    pieces, start = [], 0
    for mask in compile_masks(rules).finditer(text):
        pieces.append((start, mask.start()))
        start = mask.end()
    return [*pieces, (start, len(text))]


def _scan_piece(
    text: str, piece: tuple[int, int], rules: Rules, findings: list[Finding]
) -> list[tuple[int, int]]:
    """Note what is found in the piece; return what is left of it, nothing where nothing was found."""
    start, end = piece
    found = _join(_find(text[start:end] if piece != (0, len(text)) else text, rules))
    rest, last = [], start
    for finding in found:
        findings.append(Finding(finding.kind, start + finding.start, start + finding.end))
        rest.append((last, start + finding.start))
        last = start + finding.end
    return [part for part in [*rest, (last, end)] if part[0] < part[1]] if found else []


def _find(text: str, rules: Rules) -> Iterator[tuple[int, str, int, int]]:
    """(rank, kind, start, end) in no order; the lower rank names what overlaps."""
    for rank, pattern in enumerate(rules.patterns):
        for match in compile_expression(pattern.expression).finditer(text):
            start, end = match.span()
            if start < end:
                yield rank, pattern.name, start, end
    rank = len(rules.patterns)
    if Kind.EMAIL in rules.kinds and "@" in text:
        yield from ((rank + 2, Kind.EMAIL.value, *span) for span in find_emails(text))
    # Most texts hold too few digits for anything; counting them costs a hundredth of looking closer.
    digits = _count_digits(text)
    if Kind.IP in rules.kinds and (digits >= 4 or "::" in text):
        yield from ((rank + 3, Kind.IP.value, *span) for span in find_ips(text))
    if digits >= 7:
        yield from _find_numbers(text, digits, rules, rank)


def _count_digits(text: str) -> int:
    return sum(map(text.count, "0123456789")) if text.isascii() else len(_DIGIT.findall(text))


def _find_numbers(text: str, digits: int, rules: Rules, rank: int) -> Iterator[tuple[int, str, int, int]]:
    if Kind.IBAN in rules.kinds:
        yield from ((rank, Kind.IBAN.value, *span) for span in find_ibans(text))
    if Kind.CARD in rules.kinds and digits >= 13:
        yield from ((rank + 1, Kind.CARD.value, *span) for span in find_cards(text))
    if Kind.PHONE in rules.kinds:
        yield from ((rank + 4, Kind.PHONE.value, *span) for span in find_phones(text, rules.regions))


def _join(found: Iterator[tuple[int, str, int, int]]) -> list[Finding]:
    """Those that overlap become one, named by the first in rank."""
    joined: list[tuple[int, Finding]] = []
    for rank, kind, start, end in sorted(found, key=lambda one: (one[2], one[0])):
        if joined and start < joined[-1][1].end:
            best, last = joined[-1]
            name = kind if rank < best else last.kind
            joined[-1] = (min(rank, best), Finding(name, last.start, max(last.end, end)))
        else:
            joined.append((rank, Finding(kind, start, end)))
    return [finding for _, finding in joined]
