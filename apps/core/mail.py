"""Where mails go when nobody has set a mail server: into a folder, so whoever asked for one must be told."""

from pathlib import Path

from django.conf import settings

TO_FILES = "django.core.mail.backends.filebased.EmailBackend"


def find_mail_folder() -> Path | None:
    """The folder in which mails lie; None where a server takes them."""
    return Path(settings.EMAIL_FILE_PATH) if settings.EMAIL_BACKEND == TO_FILES else None
