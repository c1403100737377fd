"""What is looked for in prompts, and the review of those that are held."""

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import PersonRequest
from apps.core.errors import InvalidInputError
from apps.core.words import count, start_sentence
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.prompts.forms_curation import CurationForm, HeldForm, read_patterns
from apps.prompts.personal_data import Rules, read_rules, scan_text
from apps.prompts.personal_data.configuring import change_settings, read_settings
from apps.prompts.personal_data.findings import Done
from apps.prompts.personal_data.review import Decision, decide_held, list_held
from apps.prompts.personal_data.showing import Segment, mark_text, show_findings

MANAGE = Permission.MANAGE_PROMPTS
PER_PAGE = 20
EMPTY_ROWS, TRIED = 2, 5000
SAID = {
    Decision.APPROVE: "approved as they are",
    Decision.MASK: "approved with masks; what was masked is gone from the database",
    Decision.RETIRE: "retired",
}


@project_view(MANAGE)
def show_settings(request: PersonRequest, project: Project) -> HttpResponse:
    settings = read_settings(project=project)
    rows = settings.read_rules().as_json()["patterns"]
    form, wrong, marked = CurationForm.for_settings(settings), "", None
    if request.method == "POST":
        form, rows = CurationForm(request.POST), read_patterns(request.POST)
        try:
            if form.is_valid() and "try" in request.POST:
                marked = _try(form, request)
            elif form.is_valid():
                change_settings(project=project, user=request.user, changes=form.read_changes(request.POST))
                messages.success(request, "Kept. It holds for what comes in from now on.")
                return redirect("prompts:personal_data", project.slug)
        except InvalidInputError as error:
            wrong = error.message
    context = {
        "form": form,
        "rows": [*rows, *[{"name": "", "expression": ""}] * EMPTY_ROWS],
        "wrong": wrong,
        "marked": marked,
        "tried": request.POST.get("text", "")[:TRIED],
        "held": list_held(project=project).count(),
    }
    return render(request, "prompts/personal_data.html", context, status=422 if wrong or form.errors else 200)


def _try(form: CurationForm, request: PersonRequest) -> list[Segment]:
    text = request.POST.get("text", "")[:TRIED]
    rules: Rules = read_rules(form.read_changes(request.POST))
    return mark_text(text, scan_text(text, rules))


@project_view(MANAGE)
@require_safe
def show_held(request: PersonRequest, project: Project) -> HttpResponse:
    kind = request.GET.get("kind", "")[:60].replace("\0", "")
    held = list_held(project=project, kind=kind)
    page = Paginator(held.select_related("source"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(prompt, show_findings(prompt), _name_kinds(prompt.findings)) for prompt in page],
        "kind": kind,
        "kinds": _count_kinds(project),
        "finding": start_sentence(
            f"{count(page.paginator.count, 'prompt is', 'prompts are')} held" if page.paginator.count else ""
        )
        or "Nothing is held",
    }
    return render(request, "prompts/held.html", context)


def _name_kinds(findings: list[dict[str, str]]) -> str:
    """Such as: e-mail, two phones."""
    kinds = Counter(finding["kind"] for finding in findings if finding["done"] == Done.HELD)
    return ", ".join(
        kind if number == 1 else f"{kind} × {number:,}" for kind, number in sorted(kinds.items())
    )


def _count_kinds(project: Project) -> list[tuple[str, int]]:
    """How many held prompts have data of each kind."""
    findings = list_held(project=project).values_list("findings", flat=True)
    counted: Counter[str] = Counter()
    for found in findings.iterator(chunk_size=2000):
        counted.update({finding["kind"] for finding in found})
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


@project_view(MANAGE)
@require_POST
def decide(request: PersonRequest, project: Project) -> HttpResponse:
    chosen = HeldForm(request.POST).read(request.POST)
    decided = decide_held(project=project, user=request.user, **chosen._asdict())
    said = SAID[chosen.decision]
    one = {"approved as they are": "approved as it is"}.get(said, said)
    messages.success(request, start_sentence(f"{count(decided, 'prompt')} {one if decided == 1 else said}."))
    return redirect("prompts:held", project.slug)
