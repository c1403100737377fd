import pytest
from django.test import override_settings

from apps.core.secrets import UnreadableSecretError, decrypt, encrypt, hash_key, make_key


@pytest.mark.parametrize("text", ["sk-123", "ключ ✓", "x" * 10_000])
def test_secret_is_readable_again(text: str) -> None:
    assert decrypt(encrypt(text)) == text


def test_secret_is_not_in_what_is_stored() -> None:
    assert b"sk-123" not in encrypt("sk-123")
    assert encrypt("sk-123") != encrypt("sk-123")


def test_nothing_stays_nothing() -> None:
    assert encrypt("") == b""
    assert decrypt(b"") == ""


def test_what_a_database_returns_is_read_too() -> None:
    assert decrypt(memoryview(encrypt("sk-123"))) == "sk-123"  # type: ignore[arg-type]


def test_another_secret_key_is_said_and_not_guessed() -> None:
    blob = encrypt("sk-123")

    with (
        override_settings(SECRET_KEY="another" * 10),
        pytest.raises(UnreadableSecretError, match="SECRET_KEY"),
    ):
        decrypt(blob)


def test_changed_secret_is_refused() -> None:
    blob = bytearray(encrypt("sk-123"))
    blob[20] ^= 1

    with pytest.raises(UnreadableSecretError):
        decrypt(bytes(blob))


def test_keys_are_long_different_and_fit_for_addresses() -> None:
    keys = {make_key("tst_") for _ in range(100)}

    assert len(keys) == 100
    for key in keys:
        assert key.startswith("tst_")
        assert len(key) == 4 + 43
        assert key.replace("-", "").replace("_", "").isalnum()


def test_hash_is_the_same_for_the_same_key_only() -> None:
    assert hash_key("a") == hash_key("a") != hash_key("b")
    assert len(hash_key("a")) == 32
