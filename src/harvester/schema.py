"""The JSON Schema of an article line."""

from typing import Any

from harvester.records import Article

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def article_schema() -> dict[str, Any]:
    """Return the schema of one line of articles.jsonl (JSON Schema Draft 2020-12)."""
    return {"$schema": DIALECT} | Article.model_json_schema(mode="serialization")
