from django.urls import path

from apps.datasets import api

app_name = "datasets-api"
urlpatterns = [
    path("", api.CountsAPI.as_view(), name="counts"),
    path("<slug:name>.zip", api.ArchiveAPI.as_view(), name="archive"),
]
