"""How the web server runs: `gunicorn config.wsgi --config python:config.gunicorn`."""

import gc
from typing import Any

worker_class = "gthread"
workers = 2
threads = 4
keepalive = 60
control_socket_disable = True
# The path without the query: the links of invitations and of new passwords carry their key there.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(B)s bytes %(M)s ms'


def post_worker_init(worker: Any) -> None:
    """What was loaded stays, so it is not looked through again; a page makes thousands of objects anyway."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
