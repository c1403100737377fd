"""PostgreSQL and Valkey from wheels, as children of one command.

`python -m apps.core.embedded exec` wraps any command in private services; `… run` is `make run`. Runs
before Django and without its settings, so it alone reads and sets the environment for what it starts.
"""
