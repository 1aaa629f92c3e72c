"""A request to the API as a few lines of curl, Python and JavaScript: to be copied, run and changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pprint import pformat
from shlex import quote

from service.web.api.examples import Example

KEY = "NEWSQUOTE_KEY"
"""The environment variable in which snippets look for a key or the admin token."""
_BOUNDARY = "a-line-that-is-not-in-the-file"


@dataclass(frozen=True, slots=True)
class Snippets:
    """The lines for one example, sent to the server at ``root``, which ends with a slash; perhaps with a key."""

    example: Example
    root: str
    needs_key: bool = False

    @property
    def address(self) -> str:
        """Where it is sent."""
        return self.root + self.example.address.removeprefix("/")

    @property
    def by_language(self) -> dict[str, str]:
        """The snippet in each language, by its name."""
        return {
            "curl": " \\\n     ".join(self._curl()),
            "Python": "\n".join(self._python()),
            "JavaScript": "\n".join(self._javascript()),
        }

    def _curl(self) -> Iterator[str]:
        one = self.example
        meant = "GET" if one.body is None and one.file is None else "POST"
        method = "" if one.method == meant else f" -X {one.method}"
        yield f"curl -s{method} {quote(self.address)}"
        if self.needs_key:
            yield f'-H "Authorization: Bearer ${KEY}"'
        for name, value in one.headers.items():
            yield f"-H {quote(f'{name}: {value}')}"
        if self.example.body is not None:
            yield "-H 'Content-Type: application/json'"
            yield f"-d {quote(json.dumps(self.example.body, ensure_ascii=False))}"
        if self.example.file:
            yield f"-F {quote(f'file=@{self.example.file}')}"

    def _python(self) -> Iterator[str]:
        yield from ["import json"] if self.example.body is not None or self.example.is_json else []
        yield from ["import os"] if self.needs_key else []
        yield "import urllib.request"
        yield ""
        if self.example.file:
            yield f'boundary = "{_BOUNDARY}"'
            disposition = f'Content-Disposition: form-data; name="file"; filename="{self.example.file}"'
            yield f"head = f'--{{boundary}}\\r\\n{disposition}\\r\\n\\r\\n'"
            yield f"with open({_literal(self.example.file)}, 'rb') as file:"
            yield "    body = head.encode() + file.read() + f'\\r\\n--{boundary}--\\r\\n'.encode()"
        yield "request = urllib.request.Request("
        yield f"    {_literal(self.address)},"
        if self.example.body is not None:
            written = pformat(dict(self.example.body), width=76, sort_dicts=False).replace("\n", "\n    ")
            yield f"    data=json.dumps({written}).encode(),"
        yield from ["    data=body,"] if self.example.file else []
        yield from self._python_headers()
        yield f'    method="{self.example.method}",'
        yield ")"
        yield "with urllib.request.urlopen(request) as response:"
        yield "    print(json.load(response))" if self.example.is_json else "    print(response.read().decode())"

    def _python_headers(self) -> Iterator[str]:
        headers = []
        if self.example.body is not None:
            headers.append('"Content-Type": "application/json"')
        if self.example.file:
            headers.append('"Content-Type": f"multipart/form-data; boundary={boundary}"')
        if self.needs_key:
            headers.append(f'"Authorization": f"Bearer {{os.environ[\'{KEY}\']}}"')
        headers += self._own_headers()
        if headers:
            yield f"    headers={{{', '.join(headers)}}},"

    def _javascript(self) -> Iterator[str]:
        if self.needs_key:
            yield 'const key = "YOUR_KEY";'
        if self.example.file:
            yield "const body = new FormData();"
            yield 'body.append("file", document.querySelector("input[type=file]").files[0]);'
        headers = []
        if self.example.body is not None:
            headers.append('"Content-Type": "application/json"')
        if self.needs_key:
            headers.append("Authorization: `Bearer ${key}`")
        headers += self._own_headers()
        yield f"const response = await fetch({_literal(self.address)}, {{"
        yield f'  method: "{self.example.method}",'
        if headers:
            yield f"  headers: {{ {', '.join(headers)} }},"
        if self.example.body is not None:
            written = json.dumps(self.example.body, ensure_ascii=False, indent=2).replace("\n", "\n  ")
            yield f"  body: JSON.stringify({written}),"
        yield from ["  body,"] if self.example.file else []
        yield "});"
        yield f"console.log(await response.{'json' if self.example.is_json else 'text'}());"

    def _own_headers(self) -> list[str]:
        """Return the example's own headers, as Python and JavaScript write them."""
        return [f"{_literal(name)}: {_literal(value)}" for name, value in self.example.headers.items()]


def _literal(text: str) -> str:
    """Return the text as a literal that Python and JavaScript have in common."""
    return json.dumps(text, ensure_ascii=False)
