"""A machine that does much at once makes an example slow; that is no fault of the parsers."""

from hypothesis import settings

settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
