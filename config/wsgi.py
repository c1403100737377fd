"""The web server's door: `gunicorn config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from apps.core.whole_bodies import refuse_cut_off

application = refuse_cut_off(get_wsgi_application())
