"""Every format, by name. A new one is a module here and a place in the tuple below."""

from apps.datasets.formats import preference, sft
from apps.datasets.formats.base import Format

_MODULES: tuple[Format, ...] = (preference, sft)
FORMATS: dict[str, Format] = {module.NAME: module for module in _MODULES}
