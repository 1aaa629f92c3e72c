"""The page that shows the OpenAPI document, with examples, a form to try each request that reads, and snippets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from service.web.api.examples import Example, examples
from service.web.api.snippets import Snippets

_INPUTS = {"integer": "number", "date": "date"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form to try a request: of its ``place``, which is ``path`` or ``query``.

    ``needs_script`` says that a form alone cannot send it right: part of the path, or something that may be left out.
    """

    name: str
    place: str
    kind: str
    value: str
    options: tuple[str, ...] = ()
    is_required: bool = False
    needs_script: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One request that the API takes, as the page shows it; ``told`` is what the document says about it."""

    method: str
    path: str
    told: Mapping[str, Any]
    schemas: Mapping[str, Any]
    example: Example
    root: str

    @property
    def needs_key(self) -> bool:
        """Whether a key or the admin token is asked for."""
        return bool(self.told.get("security"))

    @property
    def snippets(self) -> dict[str, str]:
        """The request in each language, by its name."""
        return Snippets(self.example, self.root, self.needs_key).by_language

    @property
    def can_be_tried(self) -> bool:
        """Whether it changes and keeps nothing, and needs nothing that a form cannot send."""
        return self.method == "GET" and not self.example.headers

    @property
    def works_alone(self) -> bool:
        """Whether the form does something without a script: not if the example's address is made up."""
        return not any(value.isupper() for value in self.example.values.values())

    @property
    def fields(self) -> Iterator[Field]:
        """The fields of the form to try it."""
        for one in self.told.get("parameters", ()):
            name, schema = one["name"], self._schema(one["schema"])
            if one["in"] == "header":
                continue
            in_path = one["in"] == "path"
            given = (self.example.values if in_path else self.example.query).get(name, "")
            options = ("true", "false") if schema.get("type") == "boolean" else tuple(schema.get("enum", ()))
            yield Field(
                name,
                one["in"],
                _INPUTS.get(schema.get("format", ""), _INPUTS.get(schema.get("type", ""), "text")),
                "" if given.isupper() else given,
                options,
                bool(one.get("required")),
                needs_script=in_path or not given,
            )

    def _schema(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what the schema refers to, or the schema of one of a list."""
        if "$ref" in schema:
            found: Mapping[str, Any] = self.schemas[schema["$ref"].rpartition("/")[2]]
            return found
        return self._schema(schema["items"]) if schema.get("type") == "array" else schema


def docs(spec: dict[str, Any]) -> str:
    """Return the page that shows the OpenAPI document."""
    schemas, known = spec["components"]["schemas"], examples()
    operations = [
        Operation(method.upper(), path, told, schemas, known[method.upper(), path], request.url_root)
        for path, item in spec["paths"].items()
        for method, told in item.items()
        if told
    ]
    return render_template("api/docs.html", spec=spec, operations=operations)
