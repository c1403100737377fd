"""The API's routes about personal data and near-duplicates; `apps.prompts.api_urls` takes them in."""

from django.urls import path

from apps.prompts import api_clusters, api_personal_data

urlpatterns = [
    path("curation", api_personal_data.CurationSettingsAPI.as_view(), name="curation"),
    path("curation/scan", api_personal_data.ScanAPI.as_view(), name="scan"),
    path("held", api_personal_data.HeldListAPI.as_view(), name="held"),
    path("clusters", api_clusters.ClusterListAPI.as_view(), name="clusters"),
    path("clusters/exact", api_clusters.ExactClustersAPI.as_view(), name="clusters-exact"),
    path("clusters/<uuid:uid>", api_clusters.ClusterDecideAPI.as_view(), name="cluster"),
    path("jobs", api_clusters.PromptJobsAPI.as_view(), name="jobs"),
]
