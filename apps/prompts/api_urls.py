from django.urls import path

from apps.prompts import api

app_name = "prompts-api"
urlpatterns = [
    path("", api.PromptListAPI.as_view(), name="list"),
    path("import", api.PromptImportAPI.as_view(), name="import"),
]
