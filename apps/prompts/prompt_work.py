"""What is done for each kind of job."""

from apps.prompts.clustering.work import look_for_duplicates
from apps.prompts.languages_job import tell_languages
from apps.prompts.models import JobKind
from apps.prompts.prompt_jobs import Work, claim_job, do_job

WORKS: dict[str, Work] = {JobKind.DUPLICATES: look_for_duplicates, JobKind.LANGUAGES: tell_languages}


def work_off_jobs() -> None:
    """Do all that nobody does."""
    while claimed := claim_job():
        do_job(claimed, WORKS[claimed.job.kind])
