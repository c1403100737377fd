"""Passwords that a person can type from a screen."""

import secrets

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without i, l, o, 0 and 1, which look alike
GROUPS, LENGTH = 4, 4  # 31 to the 16th: 79 bits


def make_password() -> str:
    """Four groups of four, such as `k7mp-x2hv-9dqa-tn4w`."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))
