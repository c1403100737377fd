"""Background work of the prompts room. Each task may run twice, at once, or late."""

from celery import shared_task

from apps.prompts.imports.looking import give_up_looking, look_at_uploads
from apps.prompts.imports.tidying import tidy_uploads
from apps.prompts.imports.work import fail_hopeless_imports, work_off_imports
from apps.prompts.prompt_work import work_off_jobs
from apps.prompts.searching import read_words


@shared_task
def work_imports() -> None:
    look_at_uploads()
    work_off_imports()


@shared_task
def sweep_imports() -> None:
    fail_hopeless_imports()
    give_up_looking()
    look_at_uploads()
    work_off_imports()


@shared_task
def tidy_imports() -> None:
    tidy_uploads()


@shared_task
def work_prompt_jobs() -> None:
    work_off_jobs()


@shared_task
def read_words_of_prompts() -> None:
    while read_words():
        pass


@shared_task
def read_words_left_out() -> None:
    while read_words(all_of_them=True):
        pass
