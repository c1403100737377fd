from django.urls import path

from apps.projects import views_join, views_people

app_name = "people"
urlpatterns = [
    path("", views_people.show_people, name="index"),
    path("invite", views_people.invite, name="invite"),
    path("invitations/<int:invitation_id>/revoke", views_people.revoke, name="revoke"),
    path("members/<int:membership_id>/role", views_people.change, name="change_role"),
    path("members/<int:membership_id>/remove", views_people.remove, name="remove"),
    path("members/<int:membership_id>/skills", views_people.skills, name="change_skills"),
    path("members/<int:membership_id>/pause", views_people.pause, name="pause"),
    path("members/<int:membership_id>/resume", views_people.resume, name="resume"),
    path("join", views_join.join, name="join"),
]
