"""What goes wrong before Django is there to say it."""

from apps.core.errors import TouchstoneError


class EmbeddedError(TouchstoneError):
    """A problem told to the person as it stands: what happened, what was kept, what to do."""

    code = "embedded"
    status = 500


class DataInUseError(EmbeddedError):
    """Another process works on the data folder."""

    def __init__(self, message: str, *, holder: int) -> None:
        super().__init__(message)
        self.holder = holder


class StopAsked(BaseException):
    """Somebody asked us to stop (Ctrl-C, SIGTERM, a closed terminal)."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
