"""Properties that hold for every text, and what each policy does."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from apps.prompts.digest import digest_messages
from apps.prompts.personal_data import (
    Done,
    Pattern,
    Policy,
    Rules,
    clean_conversation,
    name_mask,
    read_placed,
    scan_text,
)
from apps.prompts.personal_data.cleaning import mask_text

RULES = Rules(
    patterns=(Pattern("number", r"\d{4,}"), Pattern("first", "^x"), Pattern("word", r"masked|n@me"))
)
DATA = st.sampled_from(
    [
        "anna@mail.org",
        "+46 70 123 45 67",
        "415-555-2671",
        "DE89 3704 0044 0532 0130 00",
        "4111 1111 1111 1111",
        "10.20.30.40",
        "2001:db8::8a2e:370:7334",
        "[e-mail masked]",
        "x",
    ]
)
ODD = st.sampled_from(
    ["👩‍👩‍👧", "e\u0301", "שלום", "مرحبا", "谢谢", "\u202e", "@", ".", ":", "-", " ", "1", "+", "a"]
)
TEXTS = st.lists(DATA | ODD | st.text(max_size=8), max_size=14).map("".join)


def say(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


@given(TEXTS)
def test_masking_leaves_nothing_that_is_found(text: str) -> None:
    masked, _ = mask_text(text, scan_text(text, RULES))
    assert scan_text(masked, RULES) == []


@given(TEXTS)
def test_findings_are_in_order_and_apart_and_all_else_stays(text: str) -> None:
    findings = scan_text(text, RULES)
    ends = [0, *(finding.end for finding in findings)]
    assert all(
        end <= finding.start < finding.end <= len(text) for end, finding in zip(ends, findings, strict=False)
    )
    masked, masks = mask_text(text, findings)
    for finding in reversed(masks):
        assert masked[finding.start : finding.end] == name_mask(finding.kind)
    rest = [text[a:b] for a, b in zip(ends, [*(f.start for f in findings), len(text)], strict=True)]
    mask_ends = [0, *(mask.end for mask in masks)]
    assert rest == [
        masked[a:b] for a, b in zip(mask_ends, [*(m.start for m in masks), len(masked)], strict=True)
    ]


@given(TEXTS)
def test_the_same_text_gives_the_same_digest_each_time(text: str) -> None:
    first = clean_conversation(say(text), RULES, Policy.MASK)
    again = clean_conversation(say(text), RULES, Policy.MASK)
    assert first == again
    assert digest_messages(first.messages) == digest_messages(again.messages)


@given(TEXTS)
def test_what_is_written_down_holds_nothing_of_the_text(text: str) -> None:
    cleaned = clean_conversation(say(text), RULES, Policy.KEEP)
    for placed, data in zip(cleaned.findings, cleaned.as_json(), strict=True):
        assert set(data) == {"kind", "turn", "start", "end", "done"}
        assert read_placed(data) == placed


def test_what_a_mask_uncovers_is_found_and_no_more() -> None:
    assert scan_text("xx hello", RULES) == [("first", 0, 1), ("first", 1, 2)]


def test_a_pattern_that_eats_its_way_through_ends() -> None:
    masked, _ = mask_text("x" * 20, scan_text("x" * 20, RULES))
    assert "x" not in masked
    assert scan_text(masked, RULES) == []


def test_positions_count_code_points() -> None:
    text = "👩‍👩‍👧 e\u0301 שלום anna@mail.org"
    (finding,) = scan_text(text, Rules())
    assert text[finding.start : finding.end] == "anna@mail.org"
    assert finding.start == text.index("anna")
    assert unicodedata.normalize("NFC", text) != text  # nothing was evened out on the way


def test_mask_puts_the_name_of_the_kind_in_its_place() -> None:
    cleaned = clean_conversation(say("Mail a@mail.org or b@mail.org"), Rules(), Policy.MASK)
    assert cleaned.messages[0]["content"] == "Mail [e-mail masked] or [e-mail masked]"
    assert not cleaned.is_held
    assert [placed.done for placed in cleaned.findings] == [Done.MASKED] * 2
    assert [(p.start, p.end) for p in cleaned.findings] == [(5, 20), (24, 39)]


def test_hold_keeps_the_text_and_says_so() -> None:
    cleaned = clean_conversation(say("Mail a@mail.org"), Rules(), Policy.HOLD)
    assert cleaned.is_held
    assert cleaned.messages == say("Mail a@mail.org")
    assert cleaned.as_json() == [{"kind": "e-mail", "turn": 0, "start": 5, "end": 15, "done": "held"}]


def test_keep_only_writes_it_down() -> None:
    cleaned = clean_conversation(say("Mail a@mail.org"), Rules(), Policy.KEEP)
    assert not cleaned.is_held
    assert cleaned.messages == say("Mail a@mail.org")
    assert cleaned.as_json()[0]["done"] == "kept"


def test_nothing_found_holds_nothing() -> None:
    assert not clean_conversation(say("Hello"), Rules(), Policy.HOLD).is_held


def test_texts_in_the_metadata_are_looked_through() -> None:
    metadata = {"passages": [{"text": "from a@mail.org"}], "count": 4111111111111111, "category": "law"}
    cleaned = clean_conversation(say("Hi"), Rules(), Policy.MASK, metadata)
    assert cleaned.metadata["passages"][0]["text"] == "from [e-mail masked]"
    assert cleaned.metadata["count"] == 4111111111111111
    assert cleaned.as_json() == [
        {"kind": "e-mail", "key": "passages/0/text", "start": 5, "end": 20, "done": "masked"}
    ]


def test_what_else_a_message_holds_stays() -> None:
    (message,) = clean_conversation(
        [{"role": "tool", "content": "a@mail.org"}], Rules(), Policy.MASK
    ).messages
    assert message == {"role": "tool", "content": "[e-mail masked]"}
