"""Read by gunicorn from the folder it starts in."""

# The path without the query: the links of invitations and of new passwords carry their key there.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(B)s bytes %(M)s ms'
