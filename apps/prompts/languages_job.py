"""The job that tells the language of all prompts whose language is not known."""

from itertools import groupby

from django.db.models import QuerySet

from apps.prompts.languages import UNKNOWN, tell_language
from apps.prompts.models import Prompt
from apps.prompts.prompt_jobs import Claimed
from apps.prompts.walking import walk_prompts


def tell_languages(claimed: Claimed) -> None:
    """May be run again: who stays unknown is looked at once more, and comes out the same."""
    unknown = Prompt.objects.filter(project=claimed.job.project, language=UNKNOWN)
    claimed.begin("Telling languages", unknown.count())
    done = told = 0
    for part in walk_prompts(unknown, "messages", "metadata"):
        told += _write_part(
            unknown, {pk: tell_language(messages, metadata) for pk, messages, metadata in part}
        )
        done += len(part)
        claimed.tell(done)
    claimed.note(told=told, unknown=done - told)


def _write_part(unknown: QuerySet[Prompt], languages: dict[int, str]) -> int:
    """One statement for each language; a curator who was quicker is not overruled."""
    known = sorted((code, pk) for pk, code in languages.items() if code)
    return sum(
        unknown.filter(pk__in=[pk for _, pk in rows]).update(language=code)
        for code, rows in groupby(known, key=lambda pair: pair[0])
    )
