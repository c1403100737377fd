from apps.prompts.parsing.reasons import Reason, Unusable


def decode_utf8(raw: bytes) -> str:
    """The text of a line.

    Raises:
        Unusable: it is not UTF-8, or holds a NUL, which PostgreSQL cannot keep.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        byte = f"byte 0x{raw[error.start]:02X} at position {error.start + 1:,}"
        raise Unusable(Reason.ENCODING, byte) from None
    if "\0" in text:
        raise Unusable(Reason.NUL)
    return text
