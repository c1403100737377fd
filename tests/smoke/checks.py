class MismatchError(Exception):
    """Something in the loop is not as it must be."""


def check(holds: bool, what: str) -> None:
    """Raises MismatchError with `what` unless it holds."""
    if not holds:
        raise MismatchError(what)
