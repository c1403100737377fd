"""The command line of the embedded services."""

import argparse
import os
import sys
from pathlib import Path

from .errors import EmbeddedError
from .wrapped import run_wrapped


def main(arguments: list[str] | None = None) -> int:
    """Run one of the commands; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        words = options.words[1:] if options.words[:1] == ["--"] else options.words
        if not words:
            raise EmbeddedError("Say which command to run: … exec --temporary -- COMMAND ARGUMENTS")
        return run_wrapped(words, data=options.data and options.data.resolve())
    except EmbeddedError as error:
        print(f"touchstone: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m apps.core.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    wrapped = commands.add_parser("exec", help="run a command with a private PostgreSQL and Valkey")
    where = wrapped.add_mutually_exclusive_group(required=True)
    where.add_argument("--temporary", action="store_true", help="fresh services, removed afterwards")
    where.add_argument("--data", type=Path, metavar="DIR", help="keep the data in this folder")
    wrapped.add_argument("words", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    return parser


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
