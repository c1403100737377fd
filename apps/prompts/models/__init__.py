from apps.prompts.models.clusters import ClusterBridge, PromptCluster, PromptSketch
from apps.prompts.models.desk import (
    CoverageTarget,
    PromptChange,
    PromptCoverage,
    PromptSearch,
    PromptsVersion,
    TargetField,
)
from apps.prompts.models.imports import (
    ENDED,
    MOST_ATTEMPTS,
    ImportStatus,
    LeftOutLine,
    PromptImport,
    PromptImportQuerySet,
    Subject,
)
from apps.prompts.models.personal_data import LIKENESS, CurationSettings
from apps.prompts.models.prompt_jobs import JobKind, JobStatus, PromptJob
from apps.prompts.models.prompts import Prompt, PromptQuerySet, PromptStatus

__all__ = [
    "ENDED",
    "LIKENESS",
    "MOST_ATTEMPTS",
    "ClusterBridge",
    "CoverageTarget",
    "CurationSettings",
    "ImportStatus",
    "JobKind",
    "JobStatus",
    "LeftOutLine",
    "Prompt",
    "PromptChange",
    "PromptCluster",
    "PromptCoverage",
    "PromptImport",
    "PromptImportQuerySet",
    "PromptJob",
    "PromptQuerySet",
    "PromptSearch",
    "PromptSketch",
    "PromptStatus",
    "PromptsVersion",
    "Subject",
    "TargetField",
]
