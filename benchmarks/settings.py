"""The project's own settings, with one more view and a count of statements on request."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE as PROJECT_MIDDLEWARE

ROOT_URLCONF = "benchmarks.urls"
MIDDLEWARE = ["benchmarks.views.count_statements", *PROJECT_MIDDLEWARE]
