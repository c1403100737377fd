"""README.md: what `datasets` needs to load a dataset, and what a person needs to trust it. Pure."""

import json
from typing import Any

from django.template.loader import render_to_string

from apps.datasets.cards.facts import CardFacts, Configuration
from apps.datasets.cards.fields import explain_fields
from apps.datasets.cards.head import write_head
from apps.datasets.cards.markdown import fence, flatten, inline, quote
from apps.datasets.cards.questions import tell_questions
from apps.datasets.cards.telling import collection, findings, personal_data, phrases, rows, use
from apps.datasets.deciding.reasons import Reason
from apps.datasets.formats.base import Need
from apps.datasets.models import Split
from apps.datasets.wording import describe_reason
from apps.prompts.languages import name_language
from apps.stats.intervals import wilson_interval

TEMPLATE = "datasets/README.md"
HERE = "path/to/this/folder"
MODEL = "your/model"
MOST_CATEGORIES = 20


def write_card(facts: CardFacts) -> str:
    """The whole of it. The same facts give the same text."""
    body = render_to_string(TEMPLATE, _describe(facts))
    return f"---\n{write_head(facts)}---\n\n{body.strip()}\n"


def _describe(facts: CardFacts) -> dict[str, Any]:
    return {
        "facts": facts,
        "name": inline(facts.name),
        "recipe": inline(facts.recipe) if facts.recipe else "",
        "description": quote(facts.description) if facts.description.strip() else "",
        "has_pairs": Need.PAIRS in facts.needs,
        "times": collection.tell_times(facts) if facts.census.last_at else "",
        "uses": use.tell_uses(facts),
        "configurations": [_describe_configuration(one, facts) for one in facts.configurations],
        "empty": [one.NAME for one in facts.empty],
        "fields": [(f"`{name}`", words) for name, words in explain_fields(facts.configurations).items()],
        "has_aside": any(one.made_by.ASIDE for one in facts.configurations),
        "languages": _list_languages(facts),
        "categories": _list_categories(facts),
        "collection": collection.tell_collection(facts),
        "raters": collection.tell_raters(facts),
        "demographics": collection.tell_demographics(facts),
        "rubrics": [(version, tell_questions(rubric)) for version, rubric in facts.rubrics.items()],
        "guidelines": phrases.join(map(str, facts.census.guidelines)) if facts.census.guidelines else "",
        "guideline": quote(facts.guideline[1]) if facts.guideline else "",
        "consensus": rows.tell_consensus(facts),
        "agreement": findings.tell_agreement(facts),
        "splits": _list_splits(facts),
        "about_splits": rows.tell_splits(facts),
        "left_out": _list_left_out(facts),
        "about_left_out": rows.tell_left_out(facts),
        "unfit": [
            (name, facts.tally.unfit[name]) for name in facts.document.formats if facts.tally.unfit[name]
        ],
        "biases": findings.tell_biases(facts),
        "models": _list_models(facts),
        "limits": use.tell_limits(facts),
        "people": personal_data.tell_personal_data(facts),
        "licence": use.LICENCE,
        "recipe_json": fence(write_recipe(facts), "json"),
        "citation": fence(write_citation(facts), "bibtex"),
    }


def _describe_configuration(one: Configuration, facts: CardFacts) -> dict[str, Any]:
    snippets = [
        (
            snippet.trainer,
            fence(snippet.fill(folder=HERE, model=MODEL, suffix=facts.suffix), snippet.language),
        )
        for snippet in one.made_by.SNIPPETS
    ]
    return {
        "name": one.name,
        "title": one.made_by.TITLE,
        "summary": one.made_by.SUMMARY,
        "splits": [(str(split), file.rows) for split, file in one.files.items()],
        "snippets": snippets,
        "has_train": Split.TRAIN in one.files,
        "columns": ", ".join(f"`{name}`" for name in one.columns),
    }


def _list_languages(facts: CardFacts) -> str:
    found = facts.census.languages
    order = sorted(found, key=lambda code: (-found[code], code))
    return ", ".join(f"{name_language(code) if code else 'unknown'} {found[code]:,}" for code in order)


def _list_categories(facts: CardFacts) -> str:
    """The most frequent ones; nothing where no prompt has any."""
    found = facts.census.categories
    if not any(found):
        return ""
    order = sorted(found, key=lambda name: (-found[name], name))
    named = [f"{inline(name) if name else 'none'} {found[name]:,}" for name in order[:MOST_CATEGORIES]]
    more = len(order) - MOST_CATEGORIES
    return ", ".join(named) + (f" and {more:,} more" if more > 0 else "")


def _list_splits(facts: CardFacts) -> list[tuple[str, str, int, str, int]]:
    """Each with its expected share of clusters, its clusters, their real share, and its prompts."""
    wanted = facts.document.splits
    expected = {
        Split.TRAIN: 1 - wanted.validation - wanted.test,
        Split.VALIDATION: wanted.validation,
        Split.TEST: wanted.test,
    }
    clusters = facts.census.clusters
    total = sum(clusters.values()) or 1
    return [
        (
            str(split),
            f"{expected[split]:.1%}",
            clusters.get(split, 0),
            f"{clusters.get(split, 0) / total:.1%}",
            facts.census.prompts[split],
        )
        for split in Split
        if expected[split] or split in clusters
    ]


def _list_left_out(facts: CardFacts) -> list[tuple[int, str, str]]:
    found = facts.tally.left_out
    return [(found[reason], *describe_reason(reason, facts.document)) for reason in Reason if found[reason]]


def _list_models(facts: CardFacts) -> list[tuple[str, int, int, str]]:
    """Each with the pairs that it was chosen in, those that it was in, and the share of them."""
    tally = facts.tally
    if Need.PAIRS not in facts.needs:
        return []
    shares = {
        name: wilson_interval(hits=tally.wins[name], of=tally.wins[name] + tally.losses[name])
        for name in tally.wins.keys() | tally.losses.keys()
    }
    order = sorted(shares, key=lambda name: (-shares[name].value, -shares[name].of, name))
    return [
        (inline(name), shares[name].hits, shares[name].of, phrases.show_share(shares[name])) for name in order
    ]


def write_recipe(facts: CardFacts) -> str:
    return json.dumps(facts.document.tell(), indent=2, ensure_ascii=False)


def write_citation(facts: CardFacts) -> str:
    """BibTeX; the author is the owner's to add."""
    what = "human preferences" if facts.census.most_responses else "answers by people"
    title = "".join(letter for letter in flatten(facts.name) if letter not in "{}\\")
    return "\n".join(
        [
            f"@misc{{{facts.slug},",
            f"  title = {{{title}: {what}}},",
            *([f"  year = {{{facts.census.last_at[:4]}}},"] if facts.census.last_at else []),
            f"  note = {{Collected with Touchstone {facts.code_version}, SHA-256 {facts.digest}}},",
            "}",
        ]
    )
