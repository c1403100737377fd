"""What raters wrote leaves by files: none has the personal data in it, and all say what was done about it."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.urls import reverse

from apps.accounts.models import User
from apps.datasets.counting import count_recipe
from apps.datasets.formats import FORMATS
from apps.datasets.recipes.parsing import parse_recipe
from apps.datasets.snapshots.here import export_folder
from apps.datasets.snapshots.lineage import trace_row
from apps.projects.models import Project, Rubric
from apps.prompts.personal_data.configuring import change_settings
from tests.conftest import SignIn
from tests.datasets.factories import annotate, cast_vote, list_responses, make_item, make_judged, write
from tests.factories import PAIRWISE

pytestmark = pytest.mark.django_db
MAIL, IBAN, PHONE = "anna.berg@example.org", "DE89370400440532013000", "+46 70 123 45 67"
QUESTIONS = [
    *PAIRWISE["questions"],
    {"kind": "rewrite", "key": "rewrite", "title": "Better?", "required": False},
    {"kind": "demonstration", "key": "ideal", "title": "Ideal?", "required": False},
    {"kind": "verdict", "key": "verdict", "title": "True?", "required": False},
]


@pytest.fixture
def outspoken(project: Project, rater: User) -> Project:
    """Three clean pairs, a pair and two written answers with personal data, and a verdict with some."""
    rubric = Rubric.objects.create(project=project, version=2, document={"questions": QUESTIONS})
    for number in range(3):
        make_judged(project, "a3", texts=(f"Yes, {number}.", f"No, {number}."))
    compared = make_item(project, overlap=1, rubric=rubric)
    a = str(list_responses(compared)[0].uid)
    said = {
        "justification": {"text": f"Ask {MAIL}."},
        "verdict": {a: {"verdict": "correct", "note": f"Paid to {IBAN}"}},
    }
    cast_vote(compared, rater, "a3", answers=said)
    rewritten = make_item(project, overlap=1, rubric=rubric, texts=("Call.",))
    text = f"Call {PHONE}."
    uid = str(list_responses(rewritten)[0].uid)
    write(
        annotate(rewritten, rater, answers={"rewrite": {"response": uid, "text": text}}),
        "rewrite",
        text,
        about=0,
    )
    shown = make_item(project, overlap=1, rubric=rubric, texts=())
    text = f"Write to {MAIL}."
    write(annotate(shown, rater, shown=(), answers={"ideal": {"text": text}}), "demonstration", text)
    return project


def export(project: Project, folder: Path, **document: Any) -> tuple[dict[str, Any], str]:
    """The manifest, and the text of all files."""
    made = export_folder(project=project, document=parse_recipe(document), folder=folder)
    files = [path for path in folder.rglob("*") if path.is_file()]
    return made.manifest, "".join(_read(path) for path in files)


def _read(path: Path) -> str:
    return str(pq.read_table(path).to_pylist()) if path.suffix == ".parquet" else path.read_text()


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        ("mask", {"e-mail": 2, "IBAN": 1, "phone": 1}),
        ("leave_out", {"e-mail": 2, "IBAN": 1, "phone": 1}),
    ],
)
def test_no_file_of_any_format_has_it(
    outspoken: Project, tmp_path: Path, policy: str, found: dict[str, int]
) -> None:
    every = {"formats": list(FORMATS), "container": "jsonl", "personal_data": policy}
    manifest, said = export(outspoken, tmp_path / "jsonl", **every)
    told = manifest["personal_data"]
    assert (told["done"], told["answers"]) == (policy, 3)
    assert {kind: number for kind, number in told["found"].items() if number} == found
    assert ("[e-mail masked]" in said) == (policy == "mask")
    assert manifest["left_out"]["items"].get("personal_data", 0) == (3 if policy == "leave_out" else 0)
    _, columns = export(
        outspoken, tmp_path / "parquet", formats=["comparisons", "preference", "sft"], personal_data=policy
    )
    for planted in (MAIL, IBAN, PHONE):
        assert planted not in said + columns


def test_it_is_in_them_only_if_the_recipe_asks_for_that(outspoken: Project, tmp_path: Path) -> None:
    formats = ["preference", "sft", "comparisons"]
    manifest, said = export(outspoken, tmp_path / "all", formats=formats, personal_data="keep")
    assert all(planted in said for planted in (MAIL, IBAN, PHONE))
    assert "it was left as it was written" in (tmp_path / "all" / "README.md").read_text()
    assert manifest["personal_data"]["answers"] == 3


def test_the_page_says_so_before_the_click(outspoken: Project, owner: User, sign_in: SignIn) -> None:
    page = reverse("datasets:new", args=[outspoken.slug])
    client = sign_in(owner)
    assert "IBAN × 1 and e-mail × 1 in an answer, masked in the rows" in client.get(page).text
    kept = client.get(page, {"personal_data": "keep"}).text
    assert "IBAN × 1 and e-mail × 1 in an answer, left as they were written" in kept


def test_the_project_decides_what_is_looked_for(outspoken: Project, owner: User) -> None:
    patterns = [{"name": "Yes and a number", "expression": "Paid to"}]
    change_settings(project=outspoken, user=owner, changes={"kinds": ["phone"], "patterns": patterns})
    document = parse_recipe({"formats": ["comparisons"]})
    figures = count_recipe(project=outspoken, document=document, user=owner).figures
    assert figures is not None
    assert figures.found == {"phone": 1, "Yes and a number": 1}


def test_a_row_is_told_as_it_left(outspoken: Project) -> None:
    item = outspoken.items.order_by("pk")[3]
    for policy, comment in (("mask", "Ask [e-mail masked]."), ("keep", f"Ask {MAIL}.")):
        document = parse_recipe({"formats": ["preference"], "personal_data": policy})
        (answer,) = trace_row(project=outspoken, item=item.uid, document=document).annotations
        assert answer.comment == comment
