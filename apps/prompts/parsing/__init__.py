"""Files of prompts, read as a stream: bytes in, one row or one rejection out per line, never an error."""

from apps.prompts.parsing.conversation import Conversation, build_conversation, read_conversation
from apps.prompts.parsing.formats import UnknownFormatError
from apps.prompts.parsing.lines import LIMIT, START, Line, Position
from apps.prompts.parsing.reader import Row, parse_line, parse_prompts, parse_rows
from apps.prompts.parsing.reasons import Reason, Rejection, Unusable
from apps.prompts.parsing.records import Columns, Fields, Records, open_records

__all__ = [
    "LIMIT",
    "START",
    "Columns",
    "Conversation",
    "Fields",
    "Line",
    "Position",
    "Reason",
    "Records",
    "Rejection",
    "Row",
    "UnknownFormatError",
    "Unusable",
    "build_conversation",
    "open_records",
    "parse_line",
    "parse_prompts",
    "parse_rows",
    "read_conversation",
]
