"""The recipe's page as a browser without scripts sees it, and what htmx asks for."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.datasets import counting
from apps.datasets.models import HeldOutList, Recipe, RecipeCount, RecipeVersion, Snapshot
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.recipes.saving import save_recipe
from apps.datasets.snapshots import making
from apps.datasets.snapshots.states import start_snapshot
from apps.datasets.snapshots.work import work_snapshot
from apps.projects.models import Project
from apps.prompts.searching import read_words
from tests.datasets.factories import make_item, make_judged
from tests.factories import PromptFactory

PAGE = "/p/helpful/datasets/"
LIVE = {"HX-Request": "true", "HX-Target": "result"}
EVIL = '"><script>alert(1)</script>'


@pytest.fixture
def recipe(project: Project, owner: User) -> Recipe:
    document = RecipeDocument(formats=("preference",))
    return save_recipe(project=project, name="Pairs", document=document, user=owner).recipe


@pytest.fixture
def client(sign_in: Any, owner: User) -> Client:
    client: Client = sign_in(owner)
    return client


def path_of(recipe: Recipe) -> str:
    return reverse("datasets:recipe", args=["helpful", recipe.uid])


def read(client: Client, path: str = PAGE, **more: Any) -> str:
    return str(client.get(path, **more).content.decode())


@pytest.fixture
def snapshot(judged: Project, recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    """Of four pairs."""
    from contextlib import nullcontext

    monkeypatch.setattr(making, "read_ahead", lambda parts: nullcontext(iter(parts)))
    made = start_snapshot(version=recipe.versions.get(), user=None, wake=False)
    work_snapshot(made.pk)
    made.refresh_from_db()
    return made


def test_without_a_recipe_a_good_one_is_shown(judged: Project, client: Client) -> None:
    page = read(client)
    assert "4 pairs would train; 3 items stay out" in page
    assert "From 4 prompts, judged by 12 raters." in page
    assert 'value="Preference pairs"' in page
    assert "Not saved yet" in page
    assert "Make snapshot v1" in page


def test_what_stays_out_is_said_in_words_too(judged: Project, client: Client) -> None:
    said = "From 7 items with an answer to 4 pairs: Answers still missing 1; Tie 1; Both bad 1;"
    assert f'aria-label="{said}"' in read(client)


def test_the_recipe_used_last_is_open(judged: Project, recipe: Recipe, client: Client) -> None:
    save_recipe(project=judged, name="Later", document=RecipeDocument(), user=None)
    assert ">Later</h2>" in read(client)
    assert ">Pairs</h2>" in read(client, path_of(recipe))


def test_the_address_changes_the_recipe_and_the_page_names_the_change(
    judged: Project, recipe: Recipe, client: Client
) -> None:
    page = read(client, path_of(recipe) + "?ties=ignore")
    assert "Version 2, not saved yet: tie policy changed" in page
    assert "5 pairs would train; 2 items stay out" in page


def test_without_scripts_a_count_is_a_button(judged: Project, recipe: Recipe, client: Client) -> None:
    form = fill(client, path_of(recipe), ties="ignore")
    answer = client.post(path_of(recipe), form | {"do": "count"})
    assert answer.status_code == 302
    assert answer["Location"] == path_of(recipe) + "?ties=ignore"


def fill(client: Client, path: str, **changes: Any) -> dict[str, Any]:
    """What a browser would send of the page's form."""
    form = client.get(path).context["form"]
    data = {name: values for name, values in form.data.lists() if any(values)}
    return {"whole": "1", "name": "Mine", **data, **changes}


def test_a_state_too_long_for_an_address_is_answered_all_the_same(
    judged: Project, recipe: Recipe, client: Client
) -> None:
    many = [f"category {number} {'x' * 40}" for number in range(90)]
    answer = client.post(path_of(recipe), fill(client, path_of(recipe), categories=many) | {"do": "count"})
    assert answer.status_code == 200
    assert "categories changed" in answer.content.decode()


def test_htmx_gets_what_follows_the_form(judged: Project, recipe: Recipe, client: Client) -> None:
    data = fill(client, path_of(recipe), ties="ignore", min_agreement="0.66")
    answer = client.post(path_of(recipe), data, headers=LIVE)
    page = answer.content.decode()
    assert answer["HX-Replace-Url"] == path_of(recipe) + "?min_agreement=0.66&ties=ignore"
    assert "<html" not in page
    for part in ("version", "splits", "make", "shelf", "note-min_agreement"):
        assert re.search(f'id="{part}"[^>]* hx-swap-oob="true"', page)
    assert "would train" in page


def test_what_is_wrong_leaves_the_figures_alone(judged: Project, recipe: Recipe, client: Client) -> None:
    answer = client.post(path_of(recipe), fill(client, path_of(recipe), min_raters="0"), headers=LIVE)
    page = answer.content.decode()
    assert answer["HX-Reswap"] == "none"
    assert "Give a number from 1 to 99." in page
    assert 'id="result"' not in page


def test_what_is_wrong_is_kept_without_scripts_too(judged: Project, recipe: Recipe, client: Client) -> None:
    answer = client.post(path_of(recipe), fill(client, path_of(recipe), min_raters="0") | {"do": "save"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="0"' in page
    assert "Give a number from 1 to 99." in page
    assert recipe.versions.count() == 1


def test_saving_makes_the_next_version(judged: Project, recipe: Recipe, client: Client) -> None:
    client.post(path_of(recipe), fill(client, path_of(recipe), ties="ignore") | {"do": "save"})
    newest = recipe.versions.latest("number")
    assert (newest.number, newest.document["pairs"]["ties"]) == (2, "ignore")
    assert "Version 2, saved" in read(client, path_of(recipe))


def test_a_snapshot_saves_what_it_is_made_by(judged: Project, recipe: Recipe, client: Client) -> None:
    client.post(path_of(recipe), fill(client, path_of(recipe), ties="ignore") | {"do": "snapshot"})
    made = Snapshot.objects.get()
    assert (made.number, made.version.number, made.status) == (1, 2, "running")
    page = read(client, path_of(recipe))
    assert "v1 is being made" in page
    assert 'hx-trigger="every 1s"' in page
    assert "Cancelling keeps the recipe" in page


def test_a_new_recipe_is_saved_under_its_name(judged: Project, client: Client) -> None:
    path = reverse("datasets:new", args=["helpful"])
    answer = client.post(path, fill(client, path) | {"do": "snapshot", "name": "First"})
    assert Recipe.objects.get().name == "First"
    assert answer["Location"] == path_of(Recipe.objects.get())
    assert Snapshot.objects.count() == 1


def test_a_recipe_without_a_name_is_not_lost(judged: Project, client: Client) -> None:
    path = reverse("datasets:new", args=["helpful"])
    answer = client.post(path, fill(client, path, ties="ignore") | {"do": "save", "name": " "})
    page = answer.content.decode()
    assert "A recipe needs a name" in page
    assert '<option value="ignore" selected>' in page
    assert not Recipe.objects.exists()


def test_while_one_is_made_there_is_no_second(judged: Project, recipe: Recipe, client: Client) -> None:
    start_snapshot(version=recipe.versions.get(), user=None, wake=False)
    answer = client.post(path_of(recipe), fill(client, path_of(recipe)) | {"do": "snapshot"})
    assert answer.status_code == 409
    assert "A snapshot of this recipe is being made" in answer.content.decode()


def test_where_no_worker_is_the_page_says_what_starts_one(recipe: Recipe, client: Client) -> None:
    made = start_snapshot(version=recipe.versions.get(), user=None, wake=False)
    shelf = reverse("datasets:shelf", args=["helpful", recipe.uid])
    assert "No worker has taken this up" not in read(client, shelf)
    Snapshot.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    assert "No worker has taken this up" in read(client, shelf)


def test_nor_has_a_count_that_nobody_begins(
    judged: Project, recipe: Recipe, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "SMALL_ITEMS", 0)
    assert "No worker has taken this up" not in read(client, path_of(recipe))
    RecipeCount.objects.update(wanted_at=timezone.now() - timedelta(minutes=1))
    assert "No worker has taken this up" in read(client, path_of(recipe))


def test_cancelling(judged: Project, recipe: Recipe, client: Client) -> None:
    made = start_snapshot(version=recipe.versions.get(), user=None, wake=False)
    path = reverse("datasets:cancel", args=["helpful", made.uid])
    assert "was cancelled" in client.post(path, follow=True).content.decode()
    assert "nothing was changed" in client.post(path, follow=True).content.decode()


def test_the_shelf_tells_the_page_when_one_is_made(recipe: Recipe, client: Client) -> None:
    path = reverse("datasets:shelf", args=["helpful", recipe.uid])
    over = client.get(path)
    assert over["HX-Trigger"] == "touchstone:made"
    assert 'id="make-next" hx-swap-oob="true"><button class="btn primary big" form' in over.content.decode()
    start_snapshot(version=recipe.versions.get(), user=None, wake=False)
    assert "HX-Trigger" not in client.get(path)


def test_a_finished_one_is_listed_and_has_its_page(snapshot: Snapshot, client: Client) -> None:
    page = read(client)
    assert snapshot.digest[:4] in page
    assert "4 pairs" in page
    own = read(client, reverse("datasets:snapshot", args=["helpful", snapshot.uid]))
    assert "4 pairs taken on" in own
    assert snapshot.digest in own
    assert "preference/train.parquet" in own
    assert "DPOTrainer" in own


def test_downloads(snapshot: Snapshot, client: Client, tmp_path: Path) -> None:
    whole = client.get(reverse("datasets:download", args=["helpful", snapshot.uid]))
    assert b"".join(whole.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    one = client.get(reverse("datasets:file", args=["helpful", snapshot.uid, "README.md"]))
    assert b"".join(one.streaming_content).startswith(b"---")  # type: ignore[attr-defined]
    assert client.get(reverse("datasets:file", args=["helpful", snapshot.uid, "../x"])).status_code == 404


def test_two_snapshots_are_compared(snapshot: Snapshot, judged: Project, client: Client) -> None:
    make_judged(judged, "a3", texts=("One more.", "Less."))
    later = start_snapshot(version=snapshot.version, user=None, wake=False)
    work_snapshot(later.pk)
    page = read(client, reverse("datasets:compare", args=["helpful", snapshot.recipe.uid]))
    assert "v2 has 1 more than v1, lacks 0, and 0 turned around" in page
    change = read(client, reverse("datasets:change", args=["helpful", later.uid]))
    assert "+1 pair<" in change
    assert "+1 pair<" in read(client)


def test_one_snapshot_alone_is_not_compared(snapshot: Snapshot, client: Client) -> None:
    path = reverse("datasets:compare", args=["helpful", snapshot.recipe.uid])
    page = read(client, path + "?before=x&after=9")
    assert "Two snapshots are needed" in page


def test_what_is_behind_a_row(judged: Project, recipe: Recipe, client: Client) -> None:
    item = judged.items.earliest("pk")
    page = read(client, reverse("datasets:item", args=["helpful", item.uid]) + f"?recipe={recipe.uid}")
    assert "One row rests on this item" in page
    assert "A pair: A over B, strength 2.33 of 3" in page
    assert "A over B, 3 of 3" in page
    assert "rater-" in page
    assert f"/prompts/{item.prompt.uid}/#story" in page


def test_what_is_behind_an_item_that_stays_out(judged: Project, client: Client) -> None:
    item = judged.items.filter(pair_outcomes__relation="both_bad").first() or judged.items.latest("pk")
    page = read(client, reverse("datasets:item", args=["helpful", item.uid]) + "?kind=pairs")
    assert "No row rests on this item" in page


def test_other_rows_a_search_and_what_stays_out(judged: Project, recipe: Recipe, client: Client) -> None:
    for number in range(6):
        make_judged(judged, "a1", texts=(f"Right {number}.", "Wrong."))
    first = client.get(path_of(recipe))
    assert "Right 0." in first.content.decode()
    after = first.context["rows"].sample.after
    second = read(client, f"{path_of(recipe)}?after={after}")
    assert "Right 0." not in second
    assert "Right 5." in second
    out = read(client, path_of(recipe) + "?out=both_bad", headers={"HX-Request": "true", "HX-Target": "rows"})
    assert "Items that stay out: Both bad" in out
    assert "<h1" not in out
    read_words(all_of_them=True)
    assert "No prompt with answers says “zebra”" in read(client, path_of(recipe) + "?find=zebra")


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "out=nothing", "need=gold", "find=%00", "kind=x", "ties=x"]
)
def test_addresses_that_say_nothing_useful(
    judged: Project, recipe: Recipe, client: Client, query: str
) -> None:
    assert client.get(f"{path_of(recipe)}?{query}").status_code == 200


def test_hostile_text_stays_text(project: Project, client: Client) -> None:
    prompt = PromptFactory(
        project=project, messages=[{"role": "user", "content": EVIL}], metadata={"category": EVIL}
    )
    item = make_judged(project, "a3", prompt=prompt, texts=(EVIL, EVIL + "<img src=x onerror=alert(2)>"))
    named = save_recipe(project=project, name=EVIL, document=RecipeDocument(), user=None).recipe
    for path in (
        path_of(named) + "?find=" + EVIL,
        path_of(named) + "?categories=" + EVIL,
        reverse("datasets:item", args=["helpful", item.uid]),
    ):
        page = read(client, path)
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_row_that_must_not_leave_is_announced(project: Project, client: Client) -> None:
    wrong = PromptFactory(project=project, messages=[{"role": "assistant", "content": "I begin."}])
    make_judged(project, "a3", prompt=wrong)
    page = read(client)
    assert "1 prompt ends on no user or tool turn" in page
    assert "disabled>Make snapshot v1" in page


def test_answers_without_a_pair_leave_the_button_shut(project: Project, client: Client) -> None:
    make_judged(project, "tie")
    page = read(client)
    assert "No pair would train yet; 1 item stays out" in page
    assert "disabled>Make snapshot v1" in page


@pytest.mark.parametrize(
    ("items", "says"), [(0, "There is nothing to rate either"), (2, "2 items wait for raters")]
)
def test_an_empty_project_says_what_comes_next(
    project: Project, client: Client, items: int, says: str
) -> None:
    for _ in range(items):
        make_item(project)
    page = read(client)
    assert "There is no dataset yet" in page
    assert says in page


def test_a_held_out_list_is_added_and_chosen(judged: Project, recipe: Recipe, client: Client) -> None:
    form = fill(client, path_of(recipe)) | {"held_name": "Bench", "held_texts": "one two three four\nfive"}
    answer = client.post(path_of(recipe), form | {"do": "held_out"})
    listed = HeldOutList.objects.get()
    assert (listed.name, listed.texts) == ("Bench", ["one two three four", "five"])
    assert QueryDict(answer["Location"].partition("?")[2])["held_out"] == str(listed.uid)
    again = client.post(path_of(recipe), form | {"do": "held_out"})
    assert again.status_code == 409
    assert HeldOutList.objects.count() == 1


def test_fewer_words_than_a_list_has_are_refused_beside_the_field(
    judged: Project, recipe: Recipe, client: Client
) -> None:
    listed = HeldOutList.objects.create(project=judged, name="Bench", texts=["one two"], words=8)
    answer = client.get(path_of(recipe), {"held_out": str(listed.uid), "held_out_words": "5"})
    assert answer.status_code == 200
    notes = answer.context["notes"]
    assert "8 words in a row" in notes["held_out_words"].error
    assert "prompts are compared before any leaves" in read(
        client, f"{path_of(recipe)}?held_out={listed.uid}"
    )


def test_a_list_is_removed_and_what_named_it_says_so(
    judged: Project, snapshot: Snapshot, recipe: Recipe, client: Client
) -> None:
    listed = HeldOutList.objects.create(project=judged, name="Bench", texts=["one two three"], words=3)
    form = fill(client, path_of(recipe)) | {"held_out": str(listed.uid)}
    client.post(path_of(recipe), form | {"do": "snapshot"})
    made = Snapshot.objects.latest("pk")
    work_snapshot(made.pk)
    client.post(path_of(recipe), form | {"do": "drop_list"})
    assert not HeldOutList.objects.exists()
    answer = client.get(path_of(recipe))
    assert "was removed" in answer.context["notes"]["held_out"].error
    assert "without its held-out list, which was removed" in answer.text
    assert "disabled>Make snapshot" in answer.text
    assert "Bench: 1 text, 13 words in a row" in read(
        client, reverse("datasets:snapshot", args=["helpful", made.uid])
    )
    item = reverse("datasets:item", args=["helpful", judged.items.earliest("pk").uid])
    assert "As snapshot v2 read it" in read(client, f"{item}?snapshot={made.uid}")


def test_a_recipe_is_renamed(judged: Project, recipe: Recipe, client: Client) -> None:
    form = fill(client, path_of(recipe))
    client.post(path_of(recipe), form | {"do": "rename", "name": "  Better  pairs "})
    recipe.refresh_from_db()
    assert recipe.name == "Better pairs"
    refused = client.post(path_of(recipe), form | {"do": "rename", "name": " "})
    assert (refused.status_code, recipe.name) == (422, "Better pairs")


def test_who_the_raters_are_is_for_those_who_manage_people(
    recipe: Recipe, client: Client, sign_in: Any, trainer: User, rater: User
) -> None:
    make_judged(recipe.project, "a2")
    box = f'name="raters" value="{rater.uid}"'
    assert box in read(client, path_of(recipe))
    page = read(sign_in(trainer), path_of(recipe))
    assert box not in page
    assert rater.name not in page


@pytest.mark.parametrize(
    "what", ["recipe", "shelf", "compare", "snapshot", "cancel", "change", "download", "item"]
)
def test_nothing_of_another_project_is_found(project: Project, client: Client, what: str) -> None:
    path = reverse(f"datasets:{what}", args=["helpful", uuid4()])
    answer = client.post(path) if what == "cancel" else client.get(path)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 200), ("trainer", 200), ("curator", 403), ("rater", 403), ("stranger", 404)]
)
def test_only_those_who_export_see_it(
    recipe: Recipe, sign_in: Any, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    make_judged(recipe.project, "a2")
    client = sign_in(request.getfixturevalue(who))
    assert client.get(PAGE).status_code == status
    assert client.get(path_of(recipe)).status_code == status
    answer = client.post(path_of(recipe), {"do": "save", "whole": "1"})
    assert answer.status_code == (422 if status == 200 else status)
    assert RecipeVersion.objects.count() == 1
