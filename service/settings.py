"""Every setting, once. ``Settings.from_env`` is the only reader of the environment."""

from __future__ import annotations

import ipaddress
import os
import warnings
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import Field, IPvAnyNetwork, SecretStr, StringConstraints, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from index.embedding.embedder import DEFAULT_MODEL
from index.errors import SettingsError
from index.formats.given import Limits
from index.search.retriever import Ranking
from service import places
from service.readers.reader import DEFAULT_READER

PREFIX = "NEWSQUOTE_"
ENV_FILE = ".env"
RETIRED = {PREFIX + name for name in ("RANK_CONSTANT", "DENSE_WEIGHT", "SENTENCE_WEIGHT", "CONTEXT_WEIGHT")}
"""Settings of earlier versions whose values made no measurable difference (docs/ranking.md)."""
_Origin = Annotated[str, StringConstraints(pattern=r"^https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?$")]
"""As browsers write it: scheme, host in lower case, and a port unless it is the scheme's own."""
_Port = Annotated[int, Field(ge=1, le=65535)]
_BYTES_A_CHARACTER = 12
"""Most that a character takes in a form or in JSON: a pair of escaped surrogates, ``\\ud83d\\ude00``."""


class Settings(BaseSettings):
    """What can be set, as ``NEWSQUOTE_`` and the name in capitals, in the environment or in a ``.env`` file.

    Sizes are in bytes, lengths in characters, and times in the unit that ends the name.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ENV_FILE, extra="ignore", frozen=True, allow_inf_nan=False
    )

    # Where things are
    data_dir: Path = Field(places.DATA_DIR, description="Folder of the database and the search engine's files.")
    database_url: str = Field(
        "", description="SQLAlchemy URL of the database; empty: `newsquote.db` in the data folder."
    )
    seeds: Path | None = Field(
        places.SEEDS, description="Articles that `serve` adds to an archive that has never had any; empty: none."
    )

    # What searches
    engine: Literal["embedded", "milvus"] = Field(
        "embedded", description="`embedded`: files in the data folder; `milvus`: a server, see docs/scaling.md."
    )
    milvus_uri: str = Field(
        "http://localhost:19530",
        pattern=r"^(https?://[^/@\s]+(/\w+)?|unix:/\S+|\S+\.db)$",
        description="Address of Milvus, with `/` and a database's name if it is not the default one; or a `.db` file "
        "for Milvus Lite.",
    )
    milvus_token: SecretStr | None = Field(None, description="Credentials for Milvus: `user:password`, or a token.")
    milvus_ca_file: Path | None = Field(
        None, description="PEM file of the authority that signed Milvus' certificate; unset: the system's authorities."
    )
    milvus_server_name: str = Field("", description="Name in that certificate, if it differs from the address.")
    milvus_timeout_s: float = Field(
        10, gt=0, le=600, description="Longest that one request to Milvus may take, in seconds."
    )
    milvus_index: Literal["FLAT", "IVF_SQ8", "HNSW", "HNSW_SQ8"] = Field(
        "HNSW_SQ8", description="Index that Milvus uses for vectors in new collections; `FLAT` for Milvus Lite."
    )
    milvus_shards: int = Field(
        1, ge=1, le=16, description="Shards of new Milvus collections, among which writing is shared."
    )
    milvus_replicas: int = Field(
        1, ge=1, le=16, description="Copies of a Milvus collection in memory, on different query nodes."
    )

    # Serving
    host: str = Field(
        "127.0.0.1",
        description="Address to listen on. Unless it is loopback, changes require a key or the admin token.",
    )
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes any free one.")
    workers: int = Field(1, ge=1, le=64, description="Server processes; they share one copy of the models.")
    threads: int = Field(8, ge=1, le=256, description="Requests that each process serves at a time.")
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        ("localhost", "127.0.0.1", "[::1]"), description="Host names this server answers to, separated by commas."
    )
    trusted_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = Field(
        (), description="Addresses or networks of proxies whose `X-Forwarded-` headers are trusted."
    )
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^/?#\s]+(/[^?#\s]*)?)?$",
        description="Public address of the pages, for links given to other programs.",
    )
    cors_origins: Annotated[tuple[_Origin, ...], NoDecode] = Field(
        (), description="Origins whose pages may use the API, such as `https://news.example`, separated by commas."
    )
    questions_per_minute: int = Field(
        60, ge=0, description="Questions, quotations and searches of chats allowed from one address; 0: no limit."
    )
    uploads_per_minute: int = Field(
        60, ge=0, description="Requests that send articles or files allowed from one address; 0: no limit."
    )
    wrong_keys_per_minute: int = Field(10, ge=1, description="Wrong keys and tokens allowed from one address.")
    counts_url: str = Field(
        "",
        description="Where these are counted, as a `limits` URL such as `redis://host`; empty: in memory, or in the "
        "database with several workers.",
    )
    admin_token: SecretStr | None = Field(
        None, description="Secret that allows everything over HTTP, as an admin key does."
    )
    ask_needs_key: bool = Field(
        False, description="Whether asking and reading require a key too, from `keys add`; browsers get a sign-in page."
    )
    secret_key: SecretStr | None = Field(
        None, description="Key that signs forms; unset: created once in the data folder."
    )
    log_questions: bool = Field(False, description="Whether the log records the questions that people ask.")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Lowest severity to log.")

    # Models
    embedder: str = Field(
        DEFAULT_MODEL,
        min_length=1,
        description="The shipped embedder, the plain `all-MiniLM-L6-v2`, or a sentence-transformers name or folder.",
    )
    reader: str = Field(
        DEFAULT_READER, min_length=1, description="The shipped reader, or a transformers name or folder."
    )
    model_threads: int = Field(0, ge=0, le=256, description="Threads per model; 0: one per core.")

    # Limits
    max_question_chars: int = Field(500, ge=1, description="Longest question, and longest word or name sent with it.")
    max_question_bytes: int = Field(
        65_536, ge=1_000, description="Largest request body without articles or text to verify."
    )
    max_batch: int = Field(20, ge=1, le=100, description="Most questions in one batch.")
    max_top_k: int = Field(
        20, ge=1, le=100, description="Most quotes in one answer; never more than the passages read."
    )
    max_article_bytes: int = Field(2_000_000, ge=1, description="Largest article, in bytes of UTF-8.")
    max_file_bytes: int = Field(1_000_000_000, ge=1, description="Largest file of articles that `add` reads.")
    max_document_bytes: int = Field(
        50_000_000, ge=1, description="Largest page, PDF, Word, Markdown, CSV, JSON, text or ZIP file to read."
    )
    parse_memory_bytes: int = Field(
        1_000_000_000, ge=200_000_000, description="Most memory for reading one page, PDF, Word or Markdown file."
    )
    parse_processor_s: int = Field(60, ge=1, description="Most processor time for reading it, in seconds.")
    parse_timeout_s: float = Field(120, gt=0, description="Longest that reading it may take, in seconds.")
    max_archive_files: int = Field(1_000, ge=1, description="Most files in a ZIP archive.")
    max_archive_bytes: int = Field(200_000_000, ge=1, description="Largest ZIP archive, unpacked.")
    max_request_bytes: int = Field(16_000_000, ge=1_000, description="Largest request body, uploads included.")
    max_upload_files: int = Field(50, ge=1, description="Most files in one upload.")
    head_timeout_s: int = Field(
        10, ge=1, description="Longest that a client may take to send the head of a request, in seconds."
    )
    client_timeout_s: int = Field(
        120,
        ge=1,
        description="Longest that a client may take to send a body, to receive a response or to be silent, in seconds.",
    )
    max_connections: int = Field(500, ge=1, description="Most open connections.")
    max_connections_per_address: int = Field(64, ge=1, description="Most open connections from one address.")
    max_wait_s: float = Field(10, gt=0, description="Longest that a request may wait for its turn, in seconds.")
    answer_timeout_s: float = Field(30, gt=0, description="Longest that an answer may take, in seconds.")
    add_timeout_s: float = Field(
        900, gt=0, description="Longest that adding the articles of one request may take, in seconds."
    )
    stop_timeout_s: float = Field(
        30, ge=0, description="Longest that a stopping server waits for its requests, in seconds."
    )
    max_verify_chars: int = Field(20_000, ge=1, description="Longest text to verify.")
    max_quotations: int = Field(50, ge=1, description="Most quotations to verify in one text.")
    max_turns: int = Field(200, ge=1, description="Most questions in one conversation.")
    keep_originals: bool = Field(
        False, description="Whether to keep the pages, PDFs and other files that articles are read from, for `reread`."
    )
    keep_conversations_days: int = Field(90, ge=0, description="Days to keep a conversation after its last question.")
    max_page_size: int = Field(200, ge=1, description="Most articles or conversations in one page of a list.")

    # What is fetched from other servers
    fetch_networks: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = Field(
        (),
        description="Private networks that articles may be fetched from, like `10.1.0.0/16`, besides public servers.",
    )
    fetch_ports: Annotated[tuple[_Port, ...], NoDecode] = Field(
        (), description="Ports that articles may be fetched from, besides 80 and 443."
    )
    max_fetch_bytes: int = Field(10_000_000, ge=1_000, description="Largest page or feed to fetch, unpacked.")
    fetch_timeout_s: float = Field(
        30, gt=0, le=600, description="Longest that one request to another server may take, in seconds."
    )
    fetch_delay_s: float = Field(
        1, ge=0, le=600, description="Seconds between two requests to one server; its robots.txt may ask for more."
    )

    # Watched questions
    max_watches: int = Field(50, ge=0, description="Most watched questions.")
    max_watch_entries: int = Field(200, ge=1, description="Latest entries to keep for each watched question.")
    watch_checks_per_hour: int = Field(
        60,
        ge=0,
        le=3600,
        description="Times an hour that watched questions are checked against new articles; 0: never.",
    )
    webhook_attempts: int = Field(8, ge=1, le=50, description="Attempts to post an entry to a webhook.")

    # Sources that are read by the clock
    max_sources: int = Field(200, ge=0, description="Most feeds and watched folders.")
    max_feed_entries: int = Field(500, ge=1, le=50_000, description="Most entries to take from one feed at a time.")
    feed_interval_s: int = Field(
        3_600, ge=1, description="Seconds between checks of a feed that does not say how often."
    )
    min_feed_interval_s: int = Field(
        300, ge=1, le=86_400, description="Fewest seconds between checks, whatever the feed says."
    )
    keep_source_days: int = Field(
        0, ge=0, description="Days to keep articles that came only from a feed or folder; 0: forever."
    )
    keep_source_articles: int = Field(0, ge=0, description="Latest articles to keep from each feed or folder; 0: all.")
    max_articles: int = Field(
        0,
        ge=0,
        description="Most articles in the archive: beyond this, the oldest that came only from a feed or folder are "
        "removed; 0: no limit.",
    )

    # Finding. Chosen by `python -m benchmarks.quality` (docs/ranking.md) and `python -m benchmarks.dense`.
    candidates: int = Field(100, ge=1, le=1000, description="Sentences to take from each ranking.")
    exact_up_to: int = Field(
        200_000,
        ge=1,
        description="Most sentences for which every vector is compared; beyond this, only the nearest lists are.",
    )
    searched_share: float = Field(
        0.2, gt=0, le=1, description="Share of those lists to read: a larger share finds more and takes longer."
    )
    recency_weight: float = Field(1.2, ge=0, description="Bonus for a new article, where a cosine of 1 counts 10.")
    recency_weight_now: float = Field(3.6, ge=0, description="The same bonus for questions about the present.")
    recency_days: float = Field(21.0, gt=0, description="Days after which the bonus has fallen to about a third (1/e).")

    # Reading and answering. Chosen by `python -m benchmarks.asked`, see docs/ranking.md.
    read_first: int = Field(
        2, ge=1, le=200, description="Passages to read first; more are read only if the answer is unsure."
    )
    read_passages: int = Field(8, ge=1, le=200, description="Most passages to read for one question.")
    precision: float = Field(
        0.86, gt=0, le=1, description="Share of answered questions whose first quote should contain the answer."
    )

    remembered_answers: int = Field(
        200,
        ge=0,
        description="Answers to keep in memory, with their articles, until the archive changes; 0: none.",
    )

    @field_validator("seeds", mode="before")
    @classmethod
    def _none_if_empty(cls, value: object) -> object:
        return None if value == "" else value  # Path("") is the working directory, with everything in it

    @field_validator("allowed_hosts", "trusted_proxies", "cors_origins", "fetch_networks", "fetch_ports", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @classmethod
    def from_env(cls) -> Settings:
        """Read the environment and the file ``.env``; ignore retired settings, with a warning.

        :raises SettingsError: naming the first setting that is unknown or has a bad value.
        """
        given = {**dotenv_values(ENV_FILE), **os.environ}
        known = {PREFIX + name.upper() for name in cls.model_fields}
        for name, value in given.items():
            if name.upper() in RETIRED:
                warnings.warn(f"{name} is no longer a setting and is ignored: unset it.", stacklevel=2)
            elif name.upper().startswith(PREFIX) and name.upper() not in known:
                raise SettingsError(name, value or "", f"there is no such setting; the README lists all {len(known)}")
        return cls.checked()

    @classmethod
    def checked(cls, **values: Any) -> Settings:
        """Return settings with these ``values`` in place of the environment's.

        :raises SettingsError: naming the first bad value.
        """
        try:
            return cls(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name = PREFIX + str(first["loc"][0]).upper()
            raise SettingsError(name, str(first["input"]), first["msg"]) from error

    @property
    def store_url(self) -> str:
        """SQLAlchemy URL of the store."""
        return self.database_url or f"sqlite:///{self.data_dir / 'newsquote.db'}"

    @property
    def engine_dir(self) -> Path:
        """Folder of the search engine's files."""
        return self.data_dir / "engine"

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the server."""
        if self.trusted_proxies:
            return False
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def threads_a_model(self) -> int:
        """Threads that a model uses in each process, where 0 means all cores; unless set, the cores are shared out."""
        if self.model_threads or self.workers == 1:
            return self.model_threads
        return max(1, (os.cpu_count() or 1) // self.workers)

    @property
    def limits(self) -> Limits:
        """The most that is read."""
        return Limits(
            article_bytes=self.max_article_bytes,
            file_bytes=self.max_file_bytes,
            document_bytes=min(self.max_document_bytes, self.max_file_bytes),
            parse_memory_bytes=self.parse_memory_bytes,
            parse_processor_s=self.parse_processor_s,
            parse_s=self.parse_timeout_s,
            archive_files=self.max_archive_files,
            archive_bytes=self.max_archive_bytes,
        )

    @property
    def max_verify_bytes(self) -> int:
        """Largest request body that holds a text to be verified."""
        return self.max_question_bytes + _BYTES_A_CHARACTER * self.max_verify_chars

    @property
    def ranking(self) -> Ranking:
        """How candidates are ranked."""
        return Ranking(
            candidates=self.candidates,
            recency_weight=self.recency_weight,
            recency_weight_now=self.recency_weight_now,
            recency_days=self.recency_days,
        )
