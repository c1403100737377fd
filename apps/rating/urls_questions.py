from django.urls import path

from apps.rating import views_questions

app_name = "questions"
urlpatterns = [
    path("", views_questions.show_questions, name="index"),
    path("<int:flag_id>/change/", views_questions.change, name="change"),
    path("<int:flag_id>/answer/", views_questions.answer, name="answer"),
    path("<int:flag_id>/withdraw/", views_questions.withdraw, name="withdraw"),
]
