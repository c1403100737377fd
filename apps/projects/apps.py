from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "apps.projects"

    def ready(self) -> None:
        from apps.accounts.scopes import offer_scopes
        from apps.projects.permissions import Permission

        offer_scopes(Permission.choices)
