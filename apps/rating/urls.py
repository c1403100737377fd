from django.urls import path

from apps.rating import views, views_answers, views_flags, views_guideline

app_name = "rating"
urlpatterns = [
    path("", views.show_page, name="page"),
    path("guideline", views_guideline.acknowledge, name="acknowledge"),
    path("questions/", views_flags.show_answers, name="questions"),
    path("<uuid:lease_uid>/flag", views_flags.flag, name="flag"),
    path("answers/", views_answers.show_answers, name="answers"),
    path("answers/<uuid:annotation_uid>/", views_answers.revise, name="answer"),
    path("<uuid:lease_uid>/submit", views.submit, name="submit"),
    path("<uuid:lease_uid>/skip", views.skip, name="skip"),
    path("<uuid:lease_uid>/leave", views.leave, name="leave"),
    path("<uuid:lease_uid>/draft", views.keep_draft, name="draft"),
]
