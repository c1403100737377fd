"""What a snapshot has that the one before it has not. Both never change, so it is found out once."""

from django.db import models

from apps.datasets.models.snapshots import Snapshot


class SnapshotChange(models.Model):
    after = models.OneToOneField(Snapshot, primary_key=True, on_delete=models.CASCADE, related_name="change")
    before = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="+", db_index=False)
    told = models.TextField(blank=True, help_text="such as “+47 pairs”; empty where the rows are the same")

    def __str__(self) -> str:
        return self.told
