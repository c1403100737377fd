"""The environment, read once. Nothing else in the project looks at `os.environ`."""

import sys
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

BASE_DIR = Path(__file__).resolve().parent.parent
Profile = Literal["production", "local", "test"]


class Environment(BaseSettings):
    """What an operator may set. Unknown names are ignored, wrong values stop the start."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", case_sensitive=False)

    profile: Profile = Field("production", alias="TOUCHSTONE_PROFILE")
    database_url: str = Field("", alias="DATABASE_URL")
    celery_broker_url: str = Field("", alias="CELERY_BROKER_URL")
    secret_key: str = Field("", alias="SECRET_KEY")
    allowed_hosts: str = Field("", alias="ALLOWED_HOSTS")
    data_dir: Path = Field(BASE_DIR / "var", alias="TOUCHSTONE_DATA_DIR")
    shared_data: Path = Field(BASE_DIR.parent / "shared" / "data", alias="TOUCHSTONE_SHARED_DATA")
    behind_proxy: bool = Field(False, alias="TOUCHSTONE_BEHIND_PROXY")
    allow_private_endpoints: bool | None = Field(None, alias="TOUCHSTONE_ALLOW_PRIVATE_ENDPOINTS")
    import_limit_mb: int = Field(2000, alias="TOUCHSTONE_IMPORT_LIMIT_MB", ge=1)
    allow_dataset_imports: bool | None = Field(None, alias="TOUCHSTONE_ALLOW_DATASET_IMPORTS")
    email_host: str = Field("", alias="EMAIL_HOST")
    email_port: int = Field(587, alias="EMAIL_PORT", ge=1, le=65535)
    email_user: str = Field("", alias="EMAIL_HOST_USER")
    email_password: str = Field("", alias="EMAIL_HOST_PASSWORD")
    email_use_tls: bool = Field(True, alias="EMAIL_USE_TLS")
    email_from: str = Field("Touchstone <touchstone@localhost>", alias="DEFAULT_FROM_EMAIL")

    @property
    def hosts(self) -> list[str]:
        return [host.strip() for host in self.allowed_hosts.split(",") if host.strip()]

    @model_validator(mode="after")
    def _check_what_the_profile_needs(self) -> "Environment":
        if self.database_url and not self.database_url.startswith(("postgres://", "postgresql://")):
            raise ValueError(
                "DATABASE_URL must start with postgresql:// — Touchstone runs on PostgreSQL only"
            )
        if self.celery_broker_url and "://" not in self.celery_broker_url:
            raise ValueError("CELERY_BROKER_URL must be a URL such as redis://localhost:6379/0")
        if self.profile != "production":
            return self
        missing = [
            name
            for name, value in (
                ("DATABASE_URL", self.database_url),
                ("CELERY_BROKER_URL", self.celery_broker_url),
                ("SECRET_KEY", self.secret_key),
                ("ALLOWED_HOSTS", self.hosts),
            )
            if not value
        ]
        if missing:
            raise ValueError(
                f"production needs {', '.join(missing)}; on a laptop use `make run`, and "
                '`make manage ARGS="…"` for a single command: they set TOUCHSTONE_PROFILE=local'
            )
        if len(self.secret_key) < 50:
            raise ValueError("SECRET_KEY must have at least 50 characters")
        return self


def read_environment() -> Environment:
    """Read and check the environment.

    Raises:
        SystemExit: with one line per problem, when a value makes no sense.
    """
    try:
        return Environment()
    except ValidationError as error:
        lines = [
            f"  {'.'.join(map(str, e['loc'])) or 'environment'}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()
        ]
        sys.exit("Touchstone cannot start; the environment does not fit:\n" + "\n".join(lines))
