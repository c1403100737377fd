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
