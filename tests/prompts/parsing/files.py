"""Files that nobody should send, and that somebody will."""

import json

from hypothesis import strategies as st

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["prompt", "messages", "turns", "system", "metadata", "category"])
MESSAGES = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant", "system", "x"]), "content": VALUES})
)
OBJECTS = st.dictionaries(KEYS, VALUES | MESSAGES | st.text())
JSON_LINES = OBJECTS.map(lambda value: json.dumps(value).encode())
PIECES = st.sampled_from(
    [b'"', b",", b"\n", b"\r\n", b"prompt", b"\\", b"[", b"{", b"}", b"]", b"\0", b"\xff"]
)
SOUP = st.lists(PIECES | st.binary(max_size=6) | JSON_LINES, max_size=30).map(b"".join)
LINES = st.lists(st.binary(max_size=20) | JSON_LINES | SOUP, max_size=8).map(b"\n".join)
FILES = st.binary(max_size=400) | SOUP | LINES
