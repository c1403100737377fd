"""Cells of CSV files that people open in a spreadsheet."""


def defuse_cell(value: object) -> str:
    """The cell as text that no spreadsheet runs as a formula (OWASP, CSV injection)."""
    text = "" if value is None else str(value)
    return "'" + text if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
