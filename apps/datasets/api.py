"""Datasets for programs: what a recipe would give, recipes and their versions, and where a row comes from."""

from typing import Any, cast
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from apps.accounts.models import User
from apps.core.errors import NotFoundError
from apps.datasets.counting import Count, count_recipe
from apps.datasets.models import Recipe
from apps.datasets.recipes.checking import check_project
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.recipes.saving import add_version, rename_recipe, save_recipe
from apps.datasets.recipes.starting import read_recipe
from apps.datasets.serializers import (
    DocumentSerializer,
    DryRunSerializer,
    NameSerializer,
    NewRecipeSerializer,
    RecipeSerializer,
    RecipeVersionSerializer,
)
from apps.datasets.serializers_tracing import TraceSerializer
from apps.datasets.snapshots.lineage import trace_row
from apps.projects.access import ProjectAPIView
from apps.projects.models import Project
from apps.projects.permissions import Permission


def get_recipe(project: Project, uid: UUID) -> Recipe:
    recipe = project.recipes.filter(uid=uid).prefetch_related("versions").first()
    if recipe is None:
        raise NotFoundError("There is no such recipe in this project.")
    return recipe


def read_request(request: Request, serializer: type[Serializer[Any]]) -> Any:
    """What a request brings, checked."""
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return given.validated_data


def describe_count(count: Count) -> dict[str, Any]:
    return {
        "counted_at": count.counted_at,
        "is_of_another": count.is_of_another,
        "is_under_way": count.under_way is not None,
        "error": count.error,
        "counts": count.figures.model_dump(mode="json") if count.figures else None,
    }


class CountsAPI(ProjectAPIView):
    permission_for = {"GET": Permission.EXPORT, "POST": Permission.EXPORT}

    @extend_schema(operation_id="datasets_counts", tags=["datasets"], responses=DryRunSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """What would leave the project now by a new recipe, and what stays out."""
        return self._count(request, read_recipe(self.project, {}))

    @extend_schema(
        operation_id="datasets_counts_of_recipe",
        tags=["datasets"],
        request=DocumentSerializer,
        responses=DryRunSerializer,
    )
    def post(self, request: Request, slug: str) -> Response:
        """What would leave by this recipe, which is not saved. A large project takes a worker some time."""
        document = read_recipe(self.project, read_request(request, DocumentSerializer)["document"])
        check_project(self.project, document)
        return self._count(request, document)

    def _count(self, request: Request, document: RecipeDocument) -> Response:
        count = count_recipe(project=self.project, document=document, user=cast("User", request.user))
        return Response(DryRunSerializer(describe_count(count)).data)


class RecipesAPI(ProjectAPIView, ListAPIView[Recipe]):
    permission_for = {"GET": Permission.EXPORT, "POST": Permission.EXPORT}
    serializer_class = RecipeSerializer
    pagination_class = None
    queryset = Recipe.objects.none()

    def get_queryset(self) -> Any:
        return self.project.recipes.prefetch_related("versions")

    @extend_schema(operation_id="datasets_recipes", tags=["datasets"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every saved recipe with its versions."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="datasets_recipe_save",
        tags=["datasets"],
        request=NewRecipeSerializer,
        responses={201: RecipeSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Save a recipe. Under a name that is there it becomes a version, unless one says the same."""
        given = read_request(request, NewRecipeSerializer)
        version = save_recipe(
            project=self.project,
            name=given["name"],
            document=read_recipe(self.project, given["document"]),
            user=cast("User", request.user),
        )
        return Response(RecipeSerializer(version.recipe).data, status=status.HTTP_201_CREATED)


class RecipeAPI(ProjectAPIView):
    permission_for = {"GET": Permission.EXPORT, "PATCH": Permission.EXPORT}

    @extend_schema(operation_id="datasets_recipe", tags=["datasets"], responses=RecipeSerializer)
    def get(self, request: Request, slug: str, uid: UUID) -> Response:
        """A saved recipe with its versions."""
        return Response(RecipeSerializer(get_recipe(self.project, uid)).data)

    @extend_schema(
        operation_id="datasets_recipe_rename",
        tags=["datasets"],
        request=NameSerializer,
        responses=RecipeSerializer,
    )
    def patch(self, request: Request, slug: str, uid: UUID) -> Response:
        """Call it otherwise. Snapshots keep the name that they were made under."""
        recipe = get_recipe(self.project, uid)
        name = read_request(request, NameSerializer)["name"]
        rename_recipe(recipe=recipe, name=name, user=cast("User", request.user))
        return Response(RecipeSerializer(recipe).data)


class RecipeVersionsAPI(ProjectAPIView):
    permission_for = {"POST": Permission.EXPORT}

    @extend_schema(
        operation_id="datasets_recipe_version",
        tags=["datasets"],
        request=DocumentSerializer,
        responses={201: RecipeVersionSerializer},
    )
    def post(self, request: Request, slug: str, uid: UUID) -> Response:
        """Another version of a recipe, or the one that says the same already."""
        document = read_recipe(self.project, read_request(request, DocumentSerializer)["document"])
        recipe = get_recipe(self.project, uid)
        version = add_version(recipe=recipe, document=document, user=cast("User", request.user))
        return Response(RecipeVersionSerializer(version).data, status=status.HTTP_201_CREATED)


class TraceAPI(ProjectAPIView):
    permission_for = {"GET": Permission.EXPORT}

    @extend_schema(operation_id="datasets_trace", tags=["datasets"], responses=TraceSerializer)
    def get(self, request: Request, slug: str, item: UUID) -> Response:
        """Everything that is behind the item of a row's metadata, as it stands now."""
        return Response(TraceSerializer(trace_row(project=self.project, item=item)).data)
