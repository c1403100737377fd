from django.urls import path

from apps.overview import api

app_name = "overview-api"
urlpatterns = [path("<slug:slug>/", api.ProjectAPI.as_view(), name="project")]
