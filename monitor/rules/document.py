"""What a rule file may hold, as an analyst writes it; the JSON Schema for editors is made of this."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

_TEXT = {"type": "string", "minLength": 1}
_ONE_OR_MORE = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1)]
Words = Annotated[list[Text], Field(min_length=1), BeforeValidator(_listed), WithJsonSchema(_ONE_OR_MORE)]
Language = Literal["ru", "uk", "be", "en", "nl", "de", "fr", "pl"]
TermLanguage = Literal["ru", "uk", "be", "en", "nl", "de", "fr", "pl", "any"]
LevelName = Literal["low", "medium", "high"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class ExampleText(_Strict):
    """A text with what a condition may ask for beside it."""

    text: Text
    channel: Text | None = Field(default=None, description="user name of the channel, for from(…)")
    media: Words | None = Field(default=None, description="kinds of media, for has(…)")


def _as_example(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


Examples = list[Annotated[ExampleText, BeforeValidator(_as_example, json_schema_input_type=Text | ExampleText)]]


class TestsOf(_Strict):
    """Texts on which the rule must fire (or the entity be found), and near-misses on which it must not."""

    hit: Examples = Field(default_factory=list)
    miss: Examples = Field(default_factory=list)


class EntityText(_Strict):
    """A person, organisation or place; names are written once, in dictionary form."""

    kind: Literal["person", "organisation", "place"]
    gender: Literal["m", "f"] | None = Field(default=None, description="needed for a person: m or f")
    name: Text = Field(description="the canonical name, as alerts show it")
    forms: dict[Language, Words] = Field(
        default_factory=dict, description="dictionary forms by language; cases and romanisations are generated"
    )
    aliases: dict[Language, Words] = Field(
        default_factory=dict,
        description="other names, matched whole, in their cases; a Cyrillic word in a Latin alias stands for its "
        "romanisations",
    )
    surname: Text | None = Field(default=None, description="alone, with-name, or near(WORD or @entity …)")
    never: Words | dict[Language, Words] = Field(
        default_factory=list, description="names of somebody or something else, in their cases"
    )
    unless: dict[Language, Words] = Field(
        default_factory=dict,
        description="words that in the same paragraph take away a surname alone or a one-word alias",
    )
    tests: TestsOf = Field(default_factory=TestsOf)


class RuleText(_Strict):
    """What to look for, under which condition, and how loudly to tell."""

    title: Text
    level: LevelName = Field(description="high rings at once, medium is silent, low is bundled")
    raise_: dict[LevelName, Words] = Field(
        default_factory=dict, alias="raise", description="the level where one of these rules fires on the same post"
    )
    terms: dict[str, dict[TermLanguage, Words]] = Field(
        default_factory=dict,
        description="name → language → terms: a dictionary form, =that form, prefix*, *suffix, several words, /RE2/",
    )
    when: Text = Field(description="condition over terms, @entities, from(channel), has(media)")
    tests: TestsOf = Field(default_factory=TestsOf)


class Document(_Strict):
    """A rule file."""

    entities: dict[str, EntityText] = Field(default_factory=dict)
    rules: dict[str, RuleText] = Field(default_factory=dict)
    tests: dict[str, TestsOf] = Field(
        default_factory=dict, description="more tests of rules and entities that may stand in other files, by id"
    )


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a rule file, for editors."""
    schema = Document.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "monitor rules"}
