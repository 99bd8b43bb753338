"""A file of a line's own, outside the content because its numbers are private: one model, or one sentence."""

from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from ivr.content.models import Model, first_mistake
from ivr.content.yaml12 import YamlBroken, read
from ivr.problems import ToMend

_M = TypeVar("_M", bound=Model)


def read_own(file: Path, model: type[_M], broken: type[ToMend]) -> _M:
    """Read a file as YAML of a model. Raise `broken` with the file, the first mistake's place and what to do."""
    try:
        return model.model_validate(read(file))
    except YamlBroken as error:
        raise broken(f"{file}: {error.place}{': ' if error.place else ''}{error}") from None
    except ValidationError as error:
        raise broken(f"{file}: {first_mistake(error)}") from None
