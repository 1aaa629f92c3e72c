"""API keys: made, shown once, listed, revoked, and what each may do."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from index.store.keys import KeptKey
from service.application.limits import check_characters, check_length
from service.errors import BadField
from service.wiring import Components

PREFIX = "nq_"
"""By which people, and programs that look for leaked secrets, recognize a key."""
MAX_NAME_CHARS = 60
_RANDOM_BYTES = 32


class Scope(StrEnum):
    """What a key allows: asking, verifying and reading articles; adding some; removing and everything else."""

    ASK = "ask"
    ADD = "add"
    ADMIN = "admin"


class Keys:
    """The keys of the people and programs that may use this server."""

    def __init__(self, components: Components) -> None:
        self._components = components

    def make(self, name: str, scopes: Collection[Scope], days: int | None = None) -> str:
        """Return a new key, which is not kept and cannot be shown again; it counts for some days, or for ever.

        :raises BadField: if the name is empty, too long, not text or in use, or there is no scope.
        """
        plain = " ".join(name.split())
        check_length("name", plain, MAX_NAME_CHARS)
        check_characters("name", plain)
        if not plain or not scopes:
            raise BadField("scope" if plain else "name", "missing")
        key = PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
        last = _today() + timedelta(days=days) if days is not None else None
        if not self._components.keys.add(plain, _digest(key), frozenset(scopes), _today(), last):
            raise BadField("name", f"another key is already called {plain!r}; revoke that first")
        return key

    def every(self) -> list[KeptKey]:
        """Return all keys, by name."""
        return self._components.keys.every()

    def revoke(self, name: str) -> None:
        """Forget the key with this name: from now on it opens nothing, and whoever is signed in with it no longer is.

        :raises BadField: if there is none.
        """
        check_characters("name", name)
        if not self._components.keys.delete(" ".join(name.split())):
            raise BadField("name", f"no key is called {name!r}")

    def find(self, key: str) -> KeptKey | None:
        """Return what is known of this key; None if it is none, or has expired."""
        return self._counting(self._components.keys.with_digest(_digest(key)))

    def scopes_of(self, shown: str) -> frozenset[str] | None:
        """Return what this key or the admin token allows; None if it is neither."""
        token = self._components.settings.admin_token
        if token and hmac.compare_digest(shown.encode(errors="replace"), token.get_secret_value().encode()):
            return frozenset(Scope)
        key = self.find(shown)
        return key.scopes if key else None

    def with_id(self, key_id: str) -> KeptKey | None:
        """Return the key with this id; None if it was revoked or has expired."""
        return self._counting(self._components.keys.with_id(key_id))

    def _counting(self, key: KeptKey | None) -> KeptKey | None:
        """Return the key if it counts today, and keep that it was used, which is one write a day."""
        today = _today()
        if key is None or (key.expires_on and key.expires_on < today):
            return None
        if key.used_on != today:
            self._components.keys.note_use(key.id, today)
        return key


def allows(scopes: Collection[str], wanted: Scope) -> bool:
    """Whether these scopes allow what is wanted: ``admin`` allows everything."""
    return wanted in scopes or Scope.ADMIN in scopes


def _digest(key: str) -> bytes:
    """Return the key's SHA-256.

    A slow hash would protect passwords, which can be guessed; 256 random bits cannot, however fast. And as it is
    looked up by its digest, the time that takes tells nothing about the key.
    """
    return hashlib.sha256(key.encode(errors="replace")).digest()


def _today() -> date:
    return datetime.now(UTC).date()
