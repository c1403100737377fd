from apps.core.errors import ConflictError, InvalidInputError, TouchstoneError


class NothingToExportError(ConflictError):
    code = "nothing_to_export"


class UnknownFormatError(InvalidInputError):
    code = "unknown_format"


class FolderInUseError(ConflictError):
    code = "folder_in_use"


class InvalidDatasetError(TouchstoneError):
    """Rows that must not train were about to leave. Nothing left."""

    code = "invalid_dataset"
    status = 500


class InvalidRecipeError(InvalidInputError):
    code = "invalid_recipe"


class SnapshotRunningError(ConflictError):
    code = "snapshot_running"


class SnapshotNotFinishedError(ConflictError):
    code = "snapshot_not_finished"


class StorageFullError(TouchstoneError):
    code = "storage_full"
    status = 507


class LostWorkersError(TouchstoneError):
    code = "worker_lost"
    status = 500


class SplitsMovedError(ConflictError):
    """Another dataset froze splits while this one was made from what was so before."""

    code = "splits_moved"
