"""What a site lets programs fetch (RFC 9309). The only file that names protego."""

from __future__ import annotations

from protego import Protego

MAX_BYTES = 512_000
"""As much as RFC 9309 wants to be read, at least."""
_MAX_DELAY_S = 30.0
"""A site that wants longer between two requests gets this: a feed of thirty articles would take hours."""


class Robots:
    """The rules of one site for us."""

    def __init__(self, rules: Protego, agent: str, *, is_known: bool = True) -> None:
        self._rules, self._agent = rules, agent
        self.is_known = is_known
        """Whether the site said so, and not that it cannot say."""

    @classmethod
    def read(cls, text: bytes, agent: str) -> Robots:
        """Return the rules in a robots.txt; what is malformed in it is passed over."""
        return cls(Protego.parse(text[:MAX_BYTES].decode("utf-8-sig", "replace")), agent)

    @classmethod
    def allowing_everything(cls) -> Robots:
        """Return the rules of a site that has none."""
        return cls.read(b"", "")

    @classmethod
    def allowing_nothing(cls) -> Robots:
        """Return the rules of a site that cannot say what they are."""
        rules = Protego.parse("User-agent: *\nDisallow: /")
        return cls(rules, "any", is_known=False)

    def allow(self, url: str) -> bool:
        """Whether this address may be fetched."""
        return self._rules.can_fetch(url, self._agent)

    @property
    def refusal(self) -> str:
        """Why what is not allowed is not fetched."""
        if self.is_known:
            return "its site does not let programs fetch it (robots.txt)"
        return "its site cannot say at the moment what programs may fetch (robots.txt)"

    @property
    def delay_s(self) -> float:
        """How many seconds the site wants between two requests, within reason; 0 if it does not say."""
        return min(self._rules.crawl_delay(self._agent) or 0.0, _MAX_DELAY_S)
