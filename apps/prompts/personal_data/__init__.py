"""Personal data in prompts: found at import, then masked, held for review or kept, and written down."""

from apps.prompts.personal_data.cleaning import Cleaned, clean_conversation
from apps.prompts.personal_data.findings import Done, Finding, Kind, Placed, Policy, name_mask, read_placed
from apps.prompts.personal_data.rules import InvalidRulesError, Pattern, Rules, read_rules
from apps.prompts.personal_data.scanning import scan_text

__all__ = [
    "Cleaned",
    "Done",
    "Finding",
    "InvalidRulesError",
    "Kind",
    "Pattern",
    "Placed",
    "Policy",
    "Rules",
    "clean_conversation",
    "name_mask",
    "read_placed",
    "read_rules",
    "scan_text",
]
