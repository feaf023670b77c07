"""The shape and limits of a definition as one strict pydantic model. Used by `problems` only.

Fields and tool types that the model does not name are allowed: they survive untouched.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from assistants.definition.fields import DEFINITION_FIELDS
from assistants.definition.limits import LIMITS


def _one_of(values: tuple[str, ...]) -> AfterValidator:
    def check(value: str) -> str:
        if value not in values:
            raise PydanticCustomError("not_listed", "not a supported value", {"values": values})
        return value

    return AfterValidator(check)


def _range(limits: tuple[int, int]) -> Any:
    return Field(ge=limits[0], le=limits[1], allow_inf_nan=False)


def _within_limit(field: str) -> Any:
    return Field(max_length=DEFINITION_FIELDS[field].limit)


def _in_range(field: str) -> Any:
    return _range(DEFINITION_FIELDS[field].range)


def _one_of_options(field: str) -> AfterValidator:
    return _one_of(DEFINITION_FIELDS[field].values)


def _matches_name_pattern(value: str) -> str:
    if not re.fullmatch(LIMITS.name_pattern, value):  # `$` alone would let a final newline pass
        raise PydanticCustomError("pattern", "does not match", {"pattern": LIMITS.name_pattern})
    return value


FunctionName = Annotated[
    str,
    Field(min_length=1, max_length=LIMITS.function_name),
    AfterValidator(_matches_name_pattern),
]
SchemaName = Annotated[
    str, Field(min_length=1, max_length=LIMITS.schema_name), AfterValidator(_matches_name_pattern)
]


ResourceId = Annotated[str, Field(max_length=LIMITS.resource_id)]


def _kind(*known: str) -> Callable[[Any], str]:
    """Choose the variant by "type"; anything else is checked by the variant "other"."""

    def choose(value: Any) -> str:
        kind = value.get("type") if isinstance(value, dict) else None
        return kind if isinstance(kind, str) and kind in known else "other"

    return choose


class _Part(BaseModel):
    # Extra keys are allowed. Only the errors are read, so the keys need no copy.
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class RankingOptions(_Part):
    ranker: Annotated[str, _one_of(LIMITS.rankers)] | None = None
    score_threshold: Annotated[float, _range(LIMITS.score)]


class FileSearchOptions(_Part):
    max_num_results: Annotated[int, _range(LIMITS.file_search_results)] | None = None
    ranking_options: RankingOptions | None = None


class FileSearchTool(_Part):
    type: str
    file_search: FileSearchOptions | None = None


class Function(_Part):
    name: FunctionName
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None

    @field_validator("parameters")
    @classmethod
    def _of_type_object(
        cls, parameters: dict[str, Any] | None, info: ValidationInfo
    ) -> dict[str, Any] | None:
        """An empty object means "no parameters", like leaving them out."""
        if parameters and parameters.get("type") != "object":
            context = {"name": info.data.get("name"), "type": parameters.get("type")}
            raise PydanticCustomError("not_object_schema", "not of type object", context)
        return parameters


class FunctionTool(_Part):
    type: str
    function: Function


class OtherTool(_Part):
    type: Annotated[str, Field(min_length=1)]


class CodeInterpreterFiles(_Part):
    file_ids: Annotated[list[ResourceId], Field(max_length=LIMITS.files)] = []


class FileSearchStores(_Part):
    vector_store_ids: Annotated[list[ResourceId], Field(max_length=LIMITS.vector_stores)] = []
    vector_stores: Annotated[list[dict[str, Any]], Field(max_length=LIMITS.vector_stores)] = []


class ToolResources(_Part):
    code_interpreter: CodeInterpreterFiles = CodeInterpreterFiles()
    file_search: FileSearchStores = FileSearchStores()


class PlainFormat(_Part):
    type: Annotated[str, _one_of(LIMITS.response_types)]


class JsonSchema(_Part):
    name: SchemaName
    description: str | None = None
    schema_: Annotated[dict[str, Any] | None, Field(alias="schema")] = None
    strict: bool | None = None


class JsonSchemaFormat(_Part):
    type: str
    json_schema: JsonSchema


def _format_kind(value: Any) -> str:
    return "word" if isinstance(value, str) else _kind("json_schema")(value)


Tool = Annotated[
    Annotated[FileSearchTool, Tag("file_search")]
    | Annotated[FunctionTool, Tag("function")]
    | Annotated[OtherTool, Tag("other")],
    Discriminator(_kind("file_search", "function")),
]
ResponseFormat = Annotated[
    Annotated[str, _one_of(LIMITS.response_words), Tag("word")]
    | Annotated[JsonSchemaFormat, Tag("json_schema")]
    | Annotated[PlainFormat, Tag("other")],
    Discriminator(_format_kind),
]
Metadata = Annotated[
    dict[
        Annotated[str, Field(max_length=LIMITS.metadata_key)],
        Annotated[str, Field(max_length=LIMITS.metadata_value)],
    ],
    Field(max_length=LIMITS.metadata_pairs),
]


class ContentSchema(_Part):
    """An assistant's content within every limit. Its fields are those that are declared."""

    name: Annotated[str, _within_limit("name")] | None = None
    description: Annotated[str, _within_limit("description")] | None = None
    model: Annotated[str, _within_limit("model")]
    instructions: Annotated[str, _within_limit("instructions")] | None = None
    tools: Annotated[list[Tool], Field(max_length=LIMITS.tools)] = []
    tool_resources: ToolResources | None = None
    metadata: Metadata = {}
    temperature: Annotated[float, _in_range("temperature")] | None = None
    top_p: Annotated[float, _in_range("top_p")] | None = None
    response_format: ResponseFormat | None = None
    reasoning_effort: Annotated[str, _one_of_options("reasoning_effort")] | None = None
