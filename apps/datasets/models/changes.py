"""What a snapshot has that the one before it has not. Both never change, so it is found out once."""

from django.db import models

from apps.datasets.models.snapshots import Snapshot


class SnapshotChange(models.Model):
    after = models.OneToOneField(Snapshot, primary_key=True, on_delete=models.CASCADE, related_name="change")
    before = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="+", db_index=False)
    added = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()
    flipped = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"+{self.added} −{self.removed}, {self.flipped} flipped"
