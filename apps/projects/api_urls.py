from django.urls import path

from apps.projects import api, api_item_plan, api_rubric

app_name = "projects-api"
urlpatterns = [
    path("", api.ProjectListAPI.as_view(), name="list"),
    path("<slug:slug>/item-plan/", api_item_plan.ItemPlanAPI.as_view(), name="item_plan"),
    path("<slug:slug>/rubric/", api_rubric.RubricAPI.as_view(), name="rubric"),
    path("<slug:slug>/rubric/draft/", api_rubric.RubricDraftAPI.as_view(), name="rubric_draft"),
    path("<slug:slug>/rubric/versions/", api_rubric.RubricVersionsAPI.as_view(), name="rubric_versions"),
    path(
        "<slug:slug>/rubric/versions/<int:version>/",
        api_rubric.RubricVersionAPI.as_view(),
        name="rubric_version",
    ),
]
