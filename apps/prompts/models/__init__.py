from apps.prompts.models.clusters import PromptCluster
from apps.prompts.models.imports import PromptImport, Subject
from apps.prompts.models.prompts import Prompt, PromptQuerySet, PromptStatus

__all__ = ["Prompt", "PromptCluster", "PromptImport", "PromptQuerySet", "PromptStatus", "Subject"]
