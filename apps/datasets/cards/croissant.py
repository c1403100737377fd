"""croissant.json: the dataset as machines read of it (Croissant 1.0 with its RAI extension). Pure."""

import json
from typing import Any

from apps.datasets.cards.card import write_citation
from apps.datasets.cards.croissant_context import CONTEXT
from apps.datasets.cards.croissant_files import describe_file, list_files
from apps.datasets.cards.croissant_records import describe_records
from apps.datasets.cards.facts import CardFacts
from apps.datasets.cards.markdown import flatten
from apps.datasets.cards.telling import collection, findings, personal_data, rows, use
from apps.rating.models import Origin

CONFORMS_TO = ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"]


def write_croissant(facts: CardFacts) -> str:
    """The whole of it. The same facts give the same text."""
    about = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": flatten(facts.name),
        "description": facts.description.strip() or use.tell_uses(facts),
        "conformsTo": CONFORMS_TO,
        "version": f"1.0.0+{facts.digest[:12]}",
        "license": "unknown",
        "citeAs": write_citation(facts),
        "keywords": ["human feedback", "preference", *(one.name for one in facts.configurations)],
        **({"inLanguage": facts.languages} if facts.languages else {}),
        **({"dateModified": facts.census.last_at[:10]} if facts.census.last_at else {}),
        **_describe_responsibly(facts),
        "distribution": [
            *map(describe_file, facts.files),
            *(list_files(one, facts) for one in facts.configurations),
        ],
        "recordSet": [describe_records(one) for one in facts.configurations],
    }
    return json.dumps(about, indent=2, ensure_ascii=False) + "\n"


def _describe_responsibly(facts: CardFacts) -> dict[str, Any]:
    """The RAI keys; what nothing is known of is left out."""
    machines = bool(facts.census.count_answers(Origin.MACHINE))
    answers = sum(facts.census.answers.values())
    each = f"{answers / facts.census.items:.1f} answers on average" if facts.census.items else ""
    told: dict[str, Any] = {
        "rai:dataCollection": " ".join(collection.tell_collection(facts)),
        "rai:dataCollectionTimeFrame": _list_times(facts),
        "rai:dataCollectionMissingData": rows.tell_left_out(facts),
        "rai:dataAnnotationProtocol": rows.tell_consensus(facts),
        "rai:dataAnnotationPlatform": ["Touchstone"],
        "rai:dataAnnotationAnalysis": findings.tell_agreement(facts),
        "rai:annotationsPerItem": each,
        "rai:annotatorDemographics": [*collection.tell_raters(facts), collection.tell_demographics(facts)],
        "rai:machineAnnotationTools": ["Machine answers; each names its program as the rater."]
        if machines
        else [],
        "rai:dataBiases": findings.tell_biases(facts),
        "rai:dataLimitations": use.tell_limits(facts),
        "rai:dataUseCases": [use.tell_uses(facts)],
        "rai:personalSensitiveInformation": personal_data.tell_personal_data(facts),
        "rai:dataReleaseMaintenancePlan": (
            "This dataset never changes; a later one of the same recipe keeps every prompt in its split."
        ),
    }
    return {key: value for key, value in told.items() if value and value != [""]}


def _list_times(facts: CardFacts) -> list[str]:
    return [at for at in (facts.census.first_at, facts.census.last_at) if at]
