"""Celery: three queues, and the sweeps that put work back when the broker has lost it."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("touchstone")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_default_queue="default",
    task_routes={
        "apps.generation.tasks.drain_generation": {"queue": "generation"},
        # They read whole projects, for minutes; what raters wait for does not wait for that.
        "apps.datasets.tasks.*": {"queue": "datasets"},
    },
    task_acks_late=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # Whoever sends a message learns within a second that the broker is away, since a person waits for the
    # page and the sweeps send it again. Workers themselves wait for their broker as long as it takes.
    broker_transport_options={"max_retries": 0, "socket_connect_timeout": 0.5},
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0},  # for a connection that had died
    timezone="UTC",
    # The database is the only truth: each sweep looks there for work that nobody has, so a broker
    # that forgot everything delays work by seconds and loses none. A sweep's message expires before
    # the next is sent, so that none pile up while workers are away.
    beat_schedule={
        "sweep-generation": {
            "task": "apps.generation.tasks.sweep_generation",
            "schedule": 5.0,
            "options": {"expires": 5},
        },
        "sweep-imports": {
            "task": "apps.prompts.tasks.sweep_imports",
            "schedule": 5.0,
            "options": {"expires": 5},
        },
        "tidy-imports": {
            "task": "apps.prompts.tasks.tidy_imports",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "work-prompt-jobs": {
            "task": "apps.prompts.tasks.work_prompt_jobs",
            "schedule": 10.0,
            "options": {"expires": 10},
        },
        "build-items": {
            "task": "apps.rating.tasks.build_items_everywhere",
            "schedule": 5.0,
            "options": {"expires": 5},
        },
        "order-items": {
            "task": "apps.rating.tasks.order_items",
            "schedule": 5.0,
            "options": {"expires": 5},
        },
        "follow-retired-prompts": {
            "task": "apps.rating.tasks.follow_retired_prompts",
            "schedule": 5.0,
            "options": {"expires": 5},
        },
        "count-answers": {
            "task": "apps.rating.tasks.count_answers_to_prompts",
            "schedule": 5.0,
            "options": {"expires": 5},
        },
        "count-answers-anew": {
            "task": "apps.rating.tasks.count_answers_anew",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "read-words": {
            "task": "apps.prompts.tasks.read_words_of_prompts",
            "schedule": 5.0,
            "options": {"expires": 5},
        },
        "read-words-anew": {
            "task": "apps.prompts.tasks.read_words_left_out",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "move-items-to-new-rubrics": {
            "task": "apps.rating.tasks.move_items_to_new_rubrics",
            "schedule": 5.0,
            "options": {"expires": 5},
        },
        "carry-edits-on": {
            "task": "apps.rating.tasks.carry_edits_on",
            "schedule": 5.0,
            "options": {"expires": 5},
        },
        "renew-what-raters-read": {
            "task": "apps.rating.tasks.renew_what_raters_read",
            "schedule": 300.0,
            "options": {"expires": 300},
        },
        "sweep-snapshots": {
            "task": "apps.datasets.tasks.sweep_snapshots",
            "schedule": 10.0,
            "options": {"expires": 10},
        },
        "work-counts": {
            "task": "apps.datasets.tasks.work_counts",
            "schedule": 10.0,
            "options": {"expires": 10},
        },
        "check-held-out-lists": {
            "task": "apps.datasets.tasks.check_held_out_lists",
            "schedule": 30.0,
            "options": {"expires": 30},
        },
        "tidy-snapshots": {
            "task": "apps.datasets.tasks.tidy_snapshots",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "expire-leases": {
            "task": "apps.rating.tasks.expire_leases",
            "schedule": 30.0,
            "options": {"expires": 30},
        },
    },
)
app.autodiscover_tasks()
