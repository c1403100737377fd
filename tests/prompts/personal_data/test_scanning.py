"""What is found, and what only looks like it."""

import time

import pytest

from apps.prompts.personal_data import Kind, Pattern, Rules, scan_text

RULES = Rules(regions=("US", "GB", "SE", "DE", "FR"), patterns=(Pattern("customer number", r"\bC-\d{6}\b"),))


def found(text: str, rules: Rules = RULES) -> list[tuple[str, str]]:
    return [(finding.kind, text[finding.start : finding.end]) for finding in scan_text(text, rules)]


@pytest.mark.parametrize(
    ("text", "kind", "data"),
    [
        ("Write to anna.berg+law@mail.example.com, please", "e-mail", "anna.berg+law@mail.example.com"),
        ("from <o'brien@mail.co.uk>.", "e-mail", "o'brien@mail.co.uk"),
        ("mailto:joe@x.org?subject=Hi", "e-mail", "joe@x.org"),
        ("我的邮箱joe@x.com谢谢", "e-mail", "joe@x.com"),
        ("user@bücher.de is mine", "e-mail", "user@bücher.de"),
        ("jörg@mail.de", "e-mail", "jörg@mail.de"),
        ("👩‍👩‍👧 anna@mail.se 👍🏽", "e-mail", "anna@mail.se"),
        ("כתבו אל dana@mail.il תודה", "e-mail", "dana@mail.il"),
        ("Call 415-555-2671 now", "phone", "415-555-2671"),
        ("(212) 736-5000x12", "phone", "(212) 736-5000"),
        ("+46 70-123 45 67.", "phone", "+46 70-123 45 67"),
        ("tel:+4915112345678", "phone", "+4915112345678"),
        ("ring 020 7946 0958", "phone", "020 7946 0958"),
        ("01 42 68 53 00", "phone", "01 42 68 53 00"),
        ("call me: 4155552671", "phone", "4155552671"),
        ("+٤٤ ٢٠ ٧٩٤٦ ٠٩٥٨", "phone", "+٤٤ ٢٠ ٧٩٤٦ ٠٩٥٨"),
        ("IBAN DE89 3704 0044 0532 0130 00!", "IBAN", "DE89 3704 0044 0532 0130 00"),
        ("gb82west12345698765432", "IBAN", "gb82west12345698765432"),
        ("NO93 8601 1117 947 it is", "IBAN", "NO93 8601 1117 947"),
        ("4111 1111 1111 1111 12/26", "card", "4111 1111 1111 1111"),
        ("378282246310005", "card", "378282246310005"),
        ("3782-822463-10005", "card", "3782-822463-10005"),
        ("from 192.168.1.10:8080", "IP address", "192.168.1.10"),
        ("http://10.20.30.40/x", "IP address", "10.20.30.40"),
        ("my server is 8.8.8.8", "IP address", "8.8.8.8"),
        ("2001:db8::8a2e:370:7334 is up", "IP address", "2001:db8::8a2e:370:7334"),
        ("[fe80::1]", "IP address", "fe80::1"),
        ("I am C-123456.", "customer number", "C-123456"),
    ],
)
def test_is_found_exactly(text: str, kind: str, data: str) -> None:
    assert found(text) == [(kind, data)]


@pytest.mark.parametrize(
    "text",
    [
        "@property def x(self)",
        "A@B.T and x@w.dot(y), @user",
        "git@github.com:someone/something.git",
        "2024-05-12 10:30:15, 12/05/2024, 12.05.2024 13:45",
        "1990-1999, pages 123-456, 2020/2021",
        "pi is 3.14159265358979, 1,234,567,890 or 192 000 000",
        "2^31 = 2147483648; 0.1234-567-8901",
        "1700000000000 and 1700000000000000 milliseconds",
        "ISBN 978-3-16-148410-0",
        "01 02 03 04 05 06 07 08 and 01101010 00110101",
        "4111111111111112",  # Luhn says no
        "1234567812345670",  # Luhn says yes, and nobody issues it
        "DE88 3704 0044 0532 0130 00",
        "version 1.2.3.4, v10.2.3.4, Chrome/120.0.0.12",
        "1.2.3.4 Scope of this section; section 12.4.1.9",
        "127.0.0.1, 0.0.0.0, 255.255.255.0, 300.1.1.1, 01.02.03.04",
        "std::vector<int>, ab::cd, ::1, 12:34:56, aa:bb:cc:dd:ee:ff",
        "8acd0965-ead4-4021-8755-7932a1b9695c",
        "f(12) = 345 678 9012 x",
    ],
)
def test_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_kinds_that_are_switched_off_are_not_looked_for() -> None:
    text = "a@mail.org 10.20.30.40"
    assert found(text, Rules(kinds=(Kind.IP,))) == [("IP address", "10.20.30.40")]


def test_numbers_that_follow_one_another_are_found_apart() -> None:
    assert found("415-555-2671 212-736-5000") == [("phone", "415-555-2671"), ("phone", "212-736-5000")]


def test_what_overlaps_becomes_one_finding_named_by_the_projects_pattern() -> None:
    rules = Rules(patterns=(Pattern("staff", r"anna@"),))
    assert found("to anna@mail.org", rules) == [("staff", "anna@mail.org")]


def test_masks_are_passed_over() -> None:
    rules = Rules(patterns=(Pattern("word", r"masked"),))
    assert found("[e-mail masked] is masked", rules) == [("word", "masked")]


HOSTILE = {
    "digits": "1" * 200_000,
    "dashes": "1-" * 100_000,
    "phones": "415-555-2671 " * 1_500,
    "pluses": "+1" * 100_000,
    "ats": "@" * 200_000,
    "near addresses": "a@a." * 50_000,
    "labels": "@" + "a-" * 100_000,
    "wide": "é@é." * 50_000,
    "dots": "1." * 100_000,
    "colons": ":" * 200_000,
    "hex": "aa:" * 66_000,
    "ibans": "DE89" * 50_000,
    "cards": "1234 " * 40_000,
    "zeros": "0 " * 100_000,
    "letters": "a" * 200_000 + "!",
    "eaten from the start": "b" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_takes_long(name: str) -> None:
    """200,000 letters, as much as a line may have, and patterns that backtracking engines die of."""
    rules = Rules(patterns=(Pattern("greedy", r"(a+)+$"), Pattern("first", "^b")))
    began = time.process_time()
    scan_text(HOSTILE[name], rules)
    assert time.process_time() - began < 10


def test_a_pattern_that_fits_everywhere_leaves_few_findings_and_no_letter() -> None:
    rules = Rules(kinds=(), patterns=(Pattern("letter", "[a-z]"),))
    findings = scan_text("ab 1 " * 20_000, rules)
    assert len(findings) == 1000
    assert (findings[0].start, findings[-1].start, findings[-1].end) == (0, 2496, 99_997)
