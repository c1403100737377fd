"""How a person runs one of our commands: `make manage` beside `make run`, manage.py in production."""

from django.conf import settings


def spell_command(words: str) -> str:
    """Such as `make manage ARGS="export_dataset demo DIR"`, to type in the checkout's folder."""
    if settings.PRODUCTION:
        return f"python manage.py {words}"
    elsewhere = "" if settings.DATA_DIR == settings.BASE_DIR / "var" else f" DATA={settings.DATA_DIR}"
    return f'make manage ARGS="{words}"{elsewhere}'
