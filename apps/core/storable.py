"""Texts from elsewhere, as the database can hold them."""


def make_storable(text: str) -> str:
    """NUL and halves of surrogate pairs, which PostgreSQL cannot hold, become the replacement character."""
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
