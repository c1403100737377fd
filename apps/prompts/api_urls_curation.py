"""The API's routes about personal data and near-duplicates; `apps.prompts.api_urls` takes them in."""

from django.urls import path

from apps.prompts import api_curation as api

urlpatterns = [
    path("curation", api.CurationSettingsAPI.as_view(), name="curation"),
    path("curation/scan", api.ScanAPI.as_view(), name="scan"),
    path("held", api.HeldListAPI.as_view(), name="held"),
    path("clusters", api.ClusterListAPI.as_view(), name="clusters"),
    path("clusters/exact", api.ExactClustersAPI.as_view(), name="clusters-exact"),
    path("clusters/<uuid:uid>", api.ClusterDecideAPI.as_view(), name="cluster"),
    path("jobs", api.PromptJobsAPI.as_view(), name="jobs"),
]
