"""Files of prompts, read as a stream: bytes in, one row or one rejection out per line, never an error."""

from apps.prompts.parsing.conversation import Conversation, read_conversation
from apps.prompts.parsing.formats import UnknownFormatError
from apps.prompts.parsing.lines import LIMIT
from apps.prompts.parsing.reader import Row, parse_prompts, parse_rows
from apps.prompts.parsing.reasons import Reason, Rejection, Unusable

__all__ = [
    "LIMIT",
    "Conversation",
    "Reason",
    "Rejection",
    "Row",
    "UnknownFormatError",
    "Unusable",
    "parse_prompts",
    "parse_rows",
    "read_conversation",
]
