"""The command line of the embedded services."""

import argparse
import os
import sys
from pathlib import Path

from .errors import EmbeddedError
from .folders import cannot_write
from .managed import run_managed
from .supervisor import run_touchstone
from .wrapped import run_wrapped


def main(arguments: list[str] | None = None) -> int:
    """Run one of the commands; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "run":
            return run_touchstone(data=options.data.resolve(), port=options.port)
        words = options.words[1:] if options.words[:1] == ["--"] else options.words
        if options.command == "manage":
            return run_managed(words, data=options.data.resolve())
        if not words:
            raise EmbeddedError("Say which command to run: … exec --temporary -- COMMAND ARGUMENTS")
        return run_wrapped(words, data=options.data and options.data.resolve())
    except EmbeddedError as error:
        print(f"touchstone: {error}", file=sys.stderr)
    except OSError as error:
        print(f"touchstone: {cannot_write(error)}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m apps.core.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    wrapped = commands.add_parser("exec", help="run a command with a private PostgreSQL and Valkey")
    where = wrapped.add_mutually_exclusive_group(required=True)
    where.add_argument("--temporary", action="store_true", help="fresh services, removed afterwards")
    where.add_argument("--data", type=Path, metavar="DIR", help="keep the data in this folder")
    wrapped.add_argument("words", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    managed = commands.add_parser("manage", help="run manage.py on the data of `make run`")
    managed.add_argument("--data", type=Path, default=Path("var"), metavar="DIR")
    managed.add_argument("words", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    run = commands.add_parser("run", help="run Touchstone on this machine")
    run.add_argument("--port", type=_port, default=8000)
    run.add_argument("--data", type=Path, default=Path("var"), metavar="DIR")
    return parser


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} is no port; say a number from 1 to 65535")


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
