"""Held-out lists: texts that nobody may train on, and the prompts that have too much in common with them."""

from collections.abc import Callable, Iterable, Sequence

from celery import current_app
from django.db import transaction
from django.db.models import F, Max
from django.db.models.functions import Greatest

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import ConflictError, InvalidInputError
from apps.datasets.errors import InvalidRecipeError
from apps.datasets.models import HeldOutList, HeldOutMatch, RecipeVersion
from apps.datasets.names import LONGEST_NAME, clean_name
from apps.datasets.overlap.index import OverlapIndex
from apps.datasets.overlap.words import split_words
from apps.datasets.recipes.document import HeldOut
from apps.projects.models import Project
from apps.prompts.insertion import hold_project
from apps.prompts.models import Prompt
from apps.prompts.models.prompts import PromptQuerySet
from apps.prompts.walking import walk_prompts

LIST_GONE = "The held-out list of this recipe is not in the project. Choose one that is, or none."
WORK = "apps.datasets.tasks.check_held_out_lists"
LEAST_WORDS, MOST_WORDS = 3, 50  # in a row; as recipes may ask
MOST_TEXTS, MOST_LETTERS = 200_000, 20_000_000  # of a list, which is held in memory
Row = tuple[int, list[dict[str, str]]]


@transaction.atomic
def add_held_out_list(
    *, project: Project, name: str, texts: Iterable[str], words: int = 13, actor: User
) -> HeldOutList:
    """Keep a list, each text once; a worker compares the prompts with it.

    Args:
        texts: such as `apps.datasets.overlap.reading.read_texts` gives.
        words: so many in a row are looked for. Recipes may ask for more, not for fewer.

    Raises:
        InvalidInputError: it is empty, too large, or without a name.
        ConflictError: the project has a list of this name.
    """
    name = clean_name(name)
    if not name:
        raise InvalidInputError(
            f"A list needs a name of at most {LONGEST_NAME} characters, some of them visible. "
            "Nothing was stored."
        )
    if not LEAST_WORDS <= words <= MOST_WORDS:
        raise InvalidInputError(f"From {LEAST_WORDS} to {MOST_WORDS} words in a row can be looked for.")
    kept = _choose_texts(texts)
    hold_project(project)
    if project.held_out_lists.filter(name=name).exists():
        raise ConflictError(f"This project has a list “{name}” already. Give this one another name.")
    listed = HeldOutList.objects.create(project=project, name=name, texts=kept, words=words)
    record_event(
        actor=actor,
        action="dataset.held_out_added",
        subject=f"project:{project.slug}",
        list=str(listed.uid),
        name=name,
        texts=len(kept),
    )
    # A broker that is away delays it until a snapshot needs it.
    transaction.on_commit(lambda: current_app.send_task(WORK, expires=3600, retry=False), robust=True)
    return listed


def _choose_texts(texts: Iterable[str]) -> list[str]:
    """Those with words, each once."""
    different: dict[tuple[str, ...], str] = {}
    letters = 0
    for text in texts:
        words = tuple(split_words(text))
        if words and words not in different:
            different[words] = text.strip().replace("\0", "")
            letters += len(text)
        if len(different) > MOST_TEXTS or letters > MOST_LETTERS:
            raise InvalidInputError(
                f"A list holds {MOST_TEXTS:,} texts of {MOST_LETTERS:,} letters in all, and this is more. "
                "Nothing was stored; leave out what is not asked about, or make two lists of it."
            )
    if not different:
        raise InvalidInputError("There is no text with a word in it, so nothing was stored.")
    return list(different.values())


@transaction.atomic
def remove_held_out_list(*, listed: HeldOutList, actor: User) -> None:
    """Recipes that name it make nothing until they name another or none; snapshots keep its facts."""
    named = RecipeVersion.objects.filter(
        recipe__project=listed.project_id, document__held_out__list=str(listed.uid)
    )
    record_event(
        actor=actor,
        action="dataset.held_out_removed",
        subject=f"project:{listed.project.slug}",
        list=str(listed.uid),
        name=listed.name,
        recipes=sorted({str(uid) for uid in named.values_list("recipe__uid", flat=True)}),
    )
    listed.delete()


def find_held_out(project: Project, wanted: HeldOut) -> HeldOutList | None:
    """The list that a recipe names, without its texts.

    Raises:
        InvalidRecipeError: it is not there, or cannot say what the recipe wants to know.
    """
    if wanted.list is None:
        return None
    listed = HeldOutList.objects.filter(project=project, uid=wanted.list).defer("texts").first()
    if listed is None:
        raise InvalidRecipeError(LIST_GONE)
    if wanted.words < listed.words:
        raise InvalidRecipeError(
            f"Prompts were compared with this held-out list for {listed.words} words in a row, so a recipe "
            f"cannot ask for {wanted.words}. Ask for {listed.words} or more, or add the list for fewer words."
        )
    return listed


def count_unchecked(listed: HeldOutList) -> int:
    """Prompts that came in since they were last compared."""
    return _list_unchecked(listed).count()


def check_held_out(listed: HeldOutList, *, tell: Callable[[int], None] = lambda done: None) -> int:
    """Compare the prompts that came in since, and keep which have too much in common; how many these are.

    What was compared is kept part by part, so it can stop anywhere, be taken up again, and run twice at once.

    Args:
        tell: is told after every part how many prompts it had.
    """
    newest = _find_newest(listed.project)
    index: OverlapIndex | None = None
    found = 0
    for part in walk_prompts(_list_unchecked(listed).filter(pk__lte=newest), "messages"):
        index = index or OverlapIndex(listed.texts, listed.words)
        matches = _compare(listed, index, part)
        if not _keep(listed, matches, part[-1][0]):
            break
        found += len(matches)
        tell(len(part))
    return found


def check_all_held_out() -> None:
    """Bring every list up to date."""
    for listed in HeldOutList.objects.defer("texts").select_related("project"):
        check_held_out(listed)


@transaction.atomic
def _find_newest(project: Project) -> int:
    """Whoever adds prompts holds the project: none with a smaller id is still to appear."""
    hold_project(project)
    newest: int | None = Prompt.objects.filter(project=project).aggregate(newest=Max("pk"))["newest"]
    return newest or 0


def _list_unchecked(listed: HeldOutList) -> PromptQuerySet:
    reached = HeldOutList.objects.filter(pk=listed.pk).values_list("checked_to", flat=True).first()
    return Prompt.objects.filter(project=listed.project_id, pk__gt=reached or 0)


def _compare(listed: HeldOutList, index: OverlapIndex, prompts: Sequence[Row]) -> list[HeldOutMatch]:
    """All turns count, the system's too: it is trained on like the others."""
    matches = []
    for pk, messages in prompts:
        if overlap := index.find(message["content"] for message in messages):
            matches.append(HeldOutMatch(list=listed, prompt_id=pk, **overlap._asdict()))
    return matches


@transaction.atomic
def _keep(listed: HeldOutList, matches: Sequence[HeldOutMatch], reached: int) -> bool:
    """False where somebody has removed the list."""
    lists = HeldOutList.objects.filter(pk=listed.pk)
    if not lists.select_for_update().only("pk"):
        return False
    there = set(Prompt.objects.filter(pk__in=[one.prompt_id for one in matches]).values_list("pk", flat=True))
    HeldOutMatch.objects.bulk_create(
        [one for one in matches if one.prompt_id in there], ignore_conflicts=True
    )
    lists.update(checked_to=Greatest(F("checked_to"), reached))
    return True
