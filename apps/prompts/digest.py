import hashlib
import unicodedata
from collections.abc import Iterable, Mapping

import orjson


def digest_messages(messages: Iterable[Mapping[str, str]]) -> bytes:
    """SHA-256 of the conversation, 32 bytes: the same for what people would call the same text.

    Taken over canonical JSON of roles and contents, after Unicode's NFC (é is one letter, however a
    keyboard made it) and with \\r\\n and \\r as \\n (a spreadsheet's line ends). Nothing else is evened
    out: case and spaces may matter in a prompt. The stored text is never changed by this.
    """
    plain = [[message["role"], _normalise(message["content"])] for message in messages]
    # As json.dumps(plain, ensure_ascii=False, separators=(",", ":")), in a twentieth of the time.
    return hashlib.sha256(orjson.dumps(plain)).digest()


def _normalise(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)
