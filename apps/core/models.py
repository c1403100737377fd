from django.conf import settings
from django.db import models


class AuditEvent(models.Model):
    """Who did what, when: written in the transaction that did it, never changed afterwards."""

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, help_text="such as project:demo or run:12")
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject", "-id"])]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
