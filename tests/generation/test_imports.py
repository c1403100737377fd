"""Torch belongs to the worker: the web process must not carry it."""

import subprocess
import sys

HEAVY = ("torch", "transformers", "aiohttp")
LOOK = f"""
import sys, django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
import apps.generation.views, apps.generation.views_run, apps.generation.api, apps.generation.tasks
print([name for name in {HEAVY} if name in sys.modules])
"""


def test_the_web_imports_no_model_library() -> None:
    env = {"DJANGO_SETTINGS_MODULE": "config.settings", "TOUCHSTONE_PROFILE": "test"}
    done = subprocess.run([sys.executable, "-c", LOOK], env=env, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
