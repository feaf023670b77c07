"""What the registry offers, and where to go with a request for something else."""

OFFERS = "This registry offers /v1/assistants and /v1/models."

_RUNNING = (
    "It keeps assistants and runs none. Read the assistant here, then send its model, instructions "
    "and tools to the provider or gateway that answers for you."
)
_KNOWLEDGE = (
    "It keeps no files. Upload files and create vector stores where the assistant runs, then name "
    "their ids in its tool_resources here."
)
_MODELS = (
    "It runs no models. Send this request to your provider or gateway, under a base URL of its own."
)
_INSTEAD = {
    **dict.fromkeys(("threads", "runs"), _RUNNING),
    **dict.fromkeys(("files", "uploads", "vector_stores", "containers"), _KNOWLEDGE),
    **dict.fromkeys(
        (
            "audio",
            "batches",
            "chat",
            "completions",
            "conversations",
            "embeddings",
            "evals",
            "fine_tuning",
            "images",
            "moderations",
            "prompts",
            "realtime",
            "responses",
            "videos",
        ),
        _MODELS,
    ),
}


def instead_of(path: str) -> str:
    """Return what the registry offers and, for an address that OpenAI's API has, what to use."""
    parts = [part for part in path.split("/") if part]
    for prefix, length in (("v1", 1), ("openai", 1), ("deployments", 2)):
        if parts[:1] == [prefix]:
            parts = parts[length:]
    instead = _INSTEAD.get(parts[0]) if parts else None
    return f"{OFFERS} {instead}" if instead else OFFERS
