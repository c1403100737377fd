from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from apps.core.models import AuditEvent


def record_event(*, actor: AbstractBaseUser | None, action: str, subject: str, **data: Any) -> AuditEvent:
    """Write one line of the audit trail. Call it inside the transaction of the change itself."""
    return AuditEvent.objects.create(actor=actor, action=action, subject=subject, data=data)  # type: ignore[misc]
