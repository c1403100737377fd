"""One base for every error that a person may cause or meet, one subclass per reason.

A message says what happened, what was kept and what to do. `apps.core.middleware` turns it into a
page, `apps.core.api` into JSON; both use `status` and `code`.
"""


class TouchstoneError(Exception):
    """Base of the project's own errors.

    Attributes:
        code: a stable name for programs.
        status: the HTTP status that the web and the API answer with.
    """

    code = "error"
    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAllowedError(TouchstoneError):
    """The person is known, and may not do this."""

    code = "not_allowed"
    status = 403


class NotFoundError(TouchstoneError):
    """It does not exist, or this person may not know that it does."""

    code = "not_found"
    status = 404


class InvalidInputError(TouchstoneError):
    """A form, a file or a request says something that cannot be used."""

    code = "invalid_input"
    status = 422


class ConflictError(TouchstoneError):
    """It was possible a moment ago; something else happened first."""

    code = "conflict"
    status = 409
