"""A request whose connection broke in the middle is not taken for a shorter one.

Servers hand over what has come. A form that was cut off can still be read as a form: an answer without the
end of its text, a file without its last lines.
"""

from collections.abc import Callable, Iterable
from typing import IO, Any

from django.core.exceptions import BadRequest

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class WholeBody:
    """The stream of a body that ends too early with an error."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def read(self, size: int = -1) -> bytes:
        """Read `size` bytes, which Django keeps within the announced length.

        Raises:
            BadRequest: there are fewer; the connection is closed.
        """
        data = self._stream.read(size)
        if len(data) < size:
            raise BadRequest("The connection broke before the whole request had come. Nothing was changed.")
        return data


def refuse_cut_off(application: Application) -> Application:
    """The application, which refuses requests whose body did not come whole."""

    def wrapped(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["wsgi.input"] = WholeBody(environ["wsgi.input"])
        return application(environ, start_response)

    return wrapped
