"""What the API tells of datasets."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.datasets.formats import FORMATS
from apps.datasets.models import Recipe, RecipeVersion, Snapshot, SnapshotStatus
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.snapshots.pace import measure_pace

DOCUMENT = (
    f"What the dataset is to be; what is left out of it is as in a new recipe. Formats: {', '.join(FORMATS)}."
)


# It reads pydantic models too, though its types do not say so.
@extend_schema_field(RecipeDocument)  # type: ignore[arg-type]
class DocumentField(serializers.JSONField):
    """`apps.datasets.recipes.parsing` checks it."""


class CountsSerializer(serializers.Serializer[Any]):
    """As much of `apps.datasets.figures.Figures` as programs need."""

    pairs = serializers.IntegerField()
    prompts = serializers.IntegerField(help_text="prompts that the pairs come from")
    raters = serializers.IntegerField()
    agreement = serializers.FloatField(help_text="mean share of a pair's votes for the chosen response")
    answered = serializers.IntegerField(help_text="items with an answer")
    waiting = serializers.IntegerField(help_text="items without any")
    left_out = serializers.DictField(child=serializers.IntegerField(), help_text="items by reason")
    rows = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()), help_text="by format and split"
    )
    unfit = serializers.DictField(
        child=serializers.IntegerField(), help_text="rows that a format has no place for"
    )
    found = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="personal data in what raters wrote, by each kind that is looked for; the document says "
        "what becomes of it",
    )
    found_in = serializers.IntegerField(help_text="answers that it was found in")


class DryRunSerializer(serializers.Serializer[Any]):
    counted_at = serializers.DateTimeField(allow_null=True, help_text="null where the first count goes on")
    is_of_another = serializers.BooleanField(
        help_text="the figures are those of another document, until this one is counted"
    )
    is_under_way = serializers.BooleanField(help_text="a worker counts; ask again")
    error = serializers.CharField(allow_blank=True)
    counts = CountsSerializer(allow_null=True)


class DocumentSerializer(serializers.Serializer[Any]):
    document = DocumentField(default=dict, help_text=DOCUMENT)


class NameSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)


class NewRecipeSerializer(NameSerializer, DocumentSerializer):
    pass


class RecipeVersionSerializer(serializers.ModelSerializer[RecipeVersion]):
    document = DocumentField(help_text=DOCUMENT)

    class Meta:
        model = RecipeVersion
        fields = ("number", "digest", "document", "created_at")


class RecipeSerializer(serializers.ModelSerializer[Recipe]):
    versions = RecipeVersionSerializer(many=True, read_only=True)

    class Meta:
        model = Recipe
        fields = ("uid", "name", "created_at", "versions")


class StartSerializer(serializers.Serializer[Any]):
    recipe = serializers.UUIDField()
    version = serializers.IntegerField(required=False, help_text="the newest where it is left out")


class SnapshotProgressSerializer(serializers.Serializer[Any]):
    step = serializers.CharField(allow_blank=True)
    done = serializers.IntegerField(help_text="prompts or files of this step")
    total = serializers.IntegerField()
    share = serializers.FloatField(help_text="of this step, 0 to 1")
    rate = serializers.FloatField(allow_null=True, help_text="so many a second")
    seconds_left = serializers.FloatField(allow_null=True, help_text="of this step")
    waits = serializers.BooleanField(help_text="there is work, and no worker has taken it up")


class SnapshotSerializer(serializers.ModelSerializer[Snapshot]):
    recipe = serializers.UUIDField(source="recipe.uid")
    recipe_name = serializers.CharField(source="recipe.name")
    version = serializers.IntegerField(source="version.number")
    status = serializers.ChoiceField(choices=SnapshotStatus.choices)
    made_at = serializers.DateTimeField(
        source="read_at", allow_null=True, help_text="the moment whose answers are in it"
    )
    progress = serializers.SerializerMethodField()
    erased = serializers.IntegerField(help_text="rows whose prompt or rater was erased since it was made")

    class Meta:
        model = Snapshot
        fields = (
            "uid",
            "recipe",
            "recipe_name",
            "version",
            "number",
            "status",
            "progress",
            "pairs",
            "rows",
            "size",
            "digest",
            "erased",
            "error_code",
            "error",
            "made_at",
            "created_at",
            "finished_at",
        )

    @extend_schema_field(SnapshotProgressSerializer)
    def get_progress(self, snapshot: Snapshot) -> Any:
        return SnapshotProgressSerializer(measure_pace(snapshot, now=timezone.now())).data


class SnapshotFileSerializer(serializers.Serializer[Any]):
    path = serializers.CharField()
    bytes = serializers.IntegerField()
    rows = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField()
    url = serializers.CharField()


class EntrySerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["pair", "lesson", "label", "annotation", "prompt"])
    prompt = serializers.CharField(help_text="uids; empty where there is none, or where it was erased")
    item = serializers.CharField()
    chosen = serializers.CharField()
    rejected = serializers.CharField()


class DifferenceSerializer(serializers.Serializer[Any]):
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    flipped = serializers.IntegerField(help_text="chosen and rejected have changed places")
    same = serializers.IntegerField()
    first_added = EntrySerializer(many=True, help_text="at most 50")
    first_removed = EntrySerializer(many=True)
    first_flipped = EntrySerializer(many=True, help_text="as the later snapshot has them")
