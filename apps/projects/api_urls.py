from django.urls import path

from apps.projects import api

app_name = "projects-api"
urlpatterns = [path("", api.ProjectListAPI.as_view(), name="list")]
