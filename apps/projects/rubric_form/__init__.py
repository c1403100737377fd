"""A rubric as a form that anybody can fill in, made from the settings of each question kind."""

from apps.projects.rubric_form.editing import EditedRubric

__all__ = ["EditedRubric"]
