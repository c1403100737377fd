"""What a project's curators decided about everything that comes in."""

from django.db import models
from django.db.models import Q

from apps.projects.models import Project
from apps.prompts.personal_data.findings import Policy
from apps.prompts.personal_data.rules import Rules, read_rules

LIKENESS = 0.7


class CurationSettings(models.Model):
    """What imports look for, what they do with it, and how alike prompts of a cluster are.

    A project without a row has what the fields say by themselves.
    """

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, primary_key=True, related_name="curation_settings"
    )
    policy = models.CharField(
        max_length=10, choices=[(policy.value, policy.value) for policy in Policy], default=Policy.HOLD.value
    )
    rules = models.JSONField(default=dict, help_text="see apps.prompts.personal_data.rules.Rules.as_json")
    likeness = models.FloatField(default=LIKENESS, help_text="from which on two prompts are near-duplicates")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(policy__in=[policy.value for policy in Policy]), name="curation_policy_known"
            ),
            models.CheckConstraint(
                condition=Q(likeness__gte=0.6, likeness__lte=1), name="curation_likeness_within"
            ),
        ]

    def __str__(self) -> str:
        return f"curation of {self.project_id}"

    def read_rules(self) -> Rules:
        return read_rules(self.rules)
