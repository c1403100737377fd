"""Background work of the rating room. Each task may run twice, at once, or late."""

from celery import shared_task

from apps.rating.coverage import count_all_answers, count_new_answers
from apps.rating.edits import carry_on
from apps.rating.following import follow_rubrics
from apps.rating.items import build_items, find_projects_with_news
from apps.rating.leases import expire_overdue
from apps.rating.placing import follow_queue_orders
from apps.rating.raising import raise_thin_groups
from apps.rating.reading import renew_renderings
from apps.rating.retired import follow_prompts


@shared_task
def build_items_everywhere() -> None:
    for project in find_projects_with_news():
        while build_items(project=project):
            pass


@shared_task
def renew_what_raters_read() -> None:
    while renew_renderings():
        pass


@shared_task
def order_items() -> None:
    follow_queue_orders()
    raise_thin_groups()


@shared_task
def follow_retired_prompts() -> None:
    while follow_prompts():
        pass


@shared_task
def count_answers_to_prompts() -> None:
    count_new_answers()


@shared_task
def count_answers_anew() -> None:
    count_all_answers()


@shared_task
def move_items_to_new_rubrics() -> None:
    follow_rubrics()


@shared_task
def carry_edits_on() -> None:
    carry_on()


@shared_task
def expire_leases() -> None:
    expire_overdue()
