"""The limits of an assistant's definition. Forms, pages, checks and the registry read them here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Greatest lengths in characters (code points), greatest counts, and closed ranges."""

    name: int = 256
    description: int = 512
    model: int = 256
    instructions: int = 256_000
    tools: int = 128
    function_name: int = 64
    schema_name: int = 64
    name_pattern: str = r"^[a-zA-Z0-9_-]+$"
    file_search_results: tuple[int, int] = (1, 50)
    score: tuple[int, int] = (0, 1)
    rankers: tuple[str, ...] = ("auto", "default_2024_08_21")
    files: int = 20
    vector_stores: int = 1
    metadata_pairs: int = 16
    metadata_key: int = 64
    metadata_value: int = 512
    temperature: tuple[int, int] = (0, 2)
    top_p: tuple[int, int] = (0, 1)
    response_words: tuple[str, ...] = ("auto", "none")
    response_types: tuple[str, ...] = ("text", "json_object", "json_schema")
    reasoning_efforts: tuple[str, ...] = (
        "none",
        "minimal",
        "low",
        "medium",
        "high",
        "xhigh",
        "max",
    )
    nesting: int = 100
    """Levels of objects and arrays inside one field; ours, so that no input exhausts the stack."""


LIMITS = Limits()
