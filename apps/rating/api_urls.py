from django.urls import path

from apps.rating import api, api_answers, api_flags, api_guideline, api_items

app_name = "rating-api"
urlpatterns = [
    path("items", api_items.ItemListAPI.as_view(), name="items"),
    path("items/<uuid:uid>", api_items.ItemAPI.as_view(), name="item"),
    path("next", api.NextAPIView.as_view(), name="next"),
    path("guideline", api_guideline.GuidelineAPIView.as_view(), name="guideline"),
    path("flags", api_flags.FlagsAPIView.as_view(), name="flags"),
    path("leases/<uuid:lease_uid>/flag", api_flags.FlagAPIView.as_view(), name="flag"),
    path("answers", api_answers.GivenListAPI.as_view(), name="answers"),
    path("annotations/<uuid:annotation_uid>/revise", api_answers.ReviseAPI.as_view(), name="revise"),
    path("leases/<uuid:lease_uid>/submit", api.SubmitAPIView.as_view(), name="submit"),
    path("leases/<uuid:lease_uid>/skip", api.SkipAPIView.as_view(), name="skip"),
    path("leases/<uuid:lease_uid>/draft", api.DraftAPIView.as_view(), name="draft"),
]
