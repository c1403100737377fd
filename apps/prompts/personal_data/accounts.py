"""IBANs and card numbers: what their own check digits confirm, and nothing else."""

import re
from collections.abc import Iterator

# Lengths from SWIFT's IBAN registry (ISO 13616).
_LENGTHS = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 "
    "DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 "
    "IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 "
    "MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 "
    "SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
)
LENGTHS = {entry[:2]: int(entry[2:]) for entry in _LENGTHS.split()}
_GAP = "[ \u00a0\u202f-]"
# From the digits on: looking for two letters first would stop at every word.
_CHECKED = re.compile(rf"(?<=[A-Za-z])\d\d(?:{_GAP}?[A-Za-z0-9]){{11,30}}", re.A)
_NOT_SAID = re.compile(_GAP)

# Issuer: leading digits as a range of the first six, and the lengths that it gives out.
_ISSUERS = (
    (400000, 499999, (13, 16, 19)),  # Visa
    (510000, 559999, (16,)),  # Mastercard
    (222100, 272099, (16,)),
    (340000, 349999, (15,)),  # American Express
    (370000, 379999, (15,)),
    (601100, 601199, (16, 19)),  # Discover
    (644000, 659999, (16, 19)),
    (300000, 305999, (14,)),  # Diners Club
    (360000, 369999, (14,)),
    (380000, 399999, (14,)),
    (352800, 358999, (16,)),  # JCB
    (620000, 629999, (16, 17, 18, 19)),  # UnionPay
)
# How a card is printed: one run, or in groups.
_GROUPS = ((4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3))
_RUNS = re.compile(r"(?<![\w.,/:+-])\d{4,19}(?:[ \u00a0\u202f\u2010-\u2013-]\d{3,19})*(?![.,]?\w)")
_RUN = re.compile(r"\d+")


def find_ibans(text: str) -> Iterator[tuple[int, int]]:
    for match in _CHECKED.finditer(text):
        start = match.start() - 2
        length = LENGTHS.get(text[max(start, 0) : start + 2].upper())
        if length is None or (start > 0 and text[start - 1].isascii() and text[start - 1].isalnum()):
            continue
        end = _end_of(text, match.span(), length - 2)
        if end and _is_iban(_NOT_SAID.sub("", text[start:end]).upper()):
            yield start, end


def _end_of(text: str, span: tuple[int, int], left: int) -> int | None:
    """Where the country's own number of characters is full, if a word ends there."""
    for position in range(*span):
        left -= text[position].isalnum()
        if not left:
            after = text[position + 1 : position + 2]
            return None if after.isascii() and after.isalnum() else position + 1
    return None


def _is_iban(iban: str) -> bool:
    """ISO 7064's modulo 97 over the letters as 10 to 35."""
    return int("".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])) % 97 == 1


def find_cards(text: str) -> Iterator[tuple[int, int]]:
    for run in _RUNS.finditer(text):
        groups = [match.span() for match in _RUN.finditer(text, run.start(), run.end())]
        index = 0
        while index < len(groups):
            size = next(
                (size for size in (5, 4, 3, 1) if _is_card(text, groups[index : index + size], size)), 0
            )
            if size:
                yield groups[index][0], groups[index + size - 1][1]
            index += size or 1


def _is_card(text: str, groups: list[tuple[int, int]], size: int) -> bool:
    if len(groups) != size or (size > 1 and tuple(end - start for start, end in groups) not in _GROUPS):
        return False
    digits = [int(digit) for start, end in groups for digit in text[start:end]]
    if len(digits) < 13 or not _fits_luhn(digits):
        return False
    first = int("".join(map(str, digits[:6])))
    return any(low <= first <= high and len(digits) in lengths for low, high, lengths in _ISSUERS)


def _fits_luhn(digits: list[int]) -> bool:
    """ISO/IEC 7812-1's check digit: every second digit from the right doubled, the sum a multiple of 10."""
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
