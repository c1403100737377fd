"""Telephone numbers, checked against the numbering plans that `phonenumbers` carries."""

import re
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

_GAP = r"[ \u00a0\u202f\u2009./\u2010-\u2014-]"
# From a digit or + over at most 20 digits that only such gaps part: more than the longest number has.
_RUN = re.compile(rf"(?<![\w.,/#-])(?:\+\(?|\()?\d(?:{_GAP}{{0,2}}\(?\d\)?|\)){{5,19}}(?=x\d|[^\w%]|$)")
_SPEAKS_OF_PHONES = re.compile(
    r"(?:\b(?:tele?|tel[eé]fono?|phone|telephone|telefon|call|mobile|mobil|cell|fax|whatsapp|sms|ring|dial|"
    r"handy|ph|contact|my number)\b|[☎☏📞📱]|电话|電話|手机|전화|тел|هاتف|फ़ोन)",
    re.I,
)
_NORTH_AMERICAN = re.compile(r"(?:1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[.-]\d{4}(?!\d)")
_TWO_DIGITS = re.compile(r"\d\d")
_SUM_OR_BITS = re.compile(r"0\.|[^2-9]*$")


def find_phones(text: str, regions: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Numbers written internationally; and nationally in one of `regions`, where that is plain."""
    run = _RUN.search(text)
    while run:
        spans = list(_find_in(run, regions))
        yield from spans
        # A run may begin another number that it does not hold as a whole.
        run = _RUN.search(text, spans[-1][1] if spans else run.end())


def _find_in(run: re.Match[str], regions: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    if "+" in run[0][:2]:
        yield from _match(run, None)
    elif _may_be_national(run):
        yield from next(filter(None, (list(_match(run, region)) for region in regions)), [])


def _match(run: re.Match[str], region: str | None) -> Iterator[tuple[int, int]]:
    leniency = Leniency.VALID if region is None else Leniency.STRICT_GROUPING
    for found in PhoneNumberMatcher(run[0], region, leniency=leniency):
        yield run.start() + found.start, run.start() + found.end


def _may_be_national(run: re.Match[str]) -> bool:
    """Digits alone are counts, years and sums: a number of one's own country needs its shape or a word."""
    if sum(map(str.isdigit, run[0])) < 7 or not _TWO_DIGITS.search(run[0]):
        return False
    if run[0].isascii() and _SUM_OR_BITS.match(run[0]):
        return False
    if _NORTH_AMERICAN.match(run[0]):
        return True
    has_shape = (run[0][0] == "(" or int(run[0][0]) == 0) and not run[0].replace(".", "").isdigit()
    before = run.string[max(0, run.start() - 30) : run.start()]
    return has_shape or bool(_SPEAKS_OF_PHONES.search(before))
