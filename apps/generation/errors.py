from apps.core.errors import ConflictError, InvalidInputError


class NameTakenError(ConflictError):
    """The project has a configuration of this name."""

    code = "name_taken"


class NothingToGenerateError(InvalidInputError):
    """A run would make no response at all, or more than anybody can mean."""

    code = "nothing_to_generate"


class RunMovedError(ConflictError):
    """The run is in another state than the change needs."""

    code = "run_moved"
