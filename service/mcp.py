"""The tools over the Model Context Protocol, on standard input and output or on HTTP. The only file that names mcp."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from typing import Any

import anyio.to_thread
import structlog
import uvicorn
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp.types import Tool as Described
from pydantic import ValidationError
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as ASGIScope

from index.errors import NewsquoteError
from service import VERSION
from service.application.keys import Keys, Scope, allows
from service.newsquote import Newsquote
from service.schemas.problems import Problem
from service.settings import Settings
from service.tools import BY_NAME, INSTRUCTIONS, TOOLS, Tool

PATH = "/mcp"
_Loaded = Future[None]
_Context = ServerRequestContext[_Loaded]


class _Handlers:
    """Lists and calls the tools; calls run on threads, at most as many at once as the settings say."""

    def __init__(self, newsquote: Newsquote) -> None:
        self._newsquote = newsquote
        self._limiter = anyio.CapacityLimiter(newsquote.settings.threads)

    @asynccontextmanager
    async def loading(self, _: object) -> AsyncIterator[_Loaded]:
        """Load the models meanwhile, so that a client can list the tools at once; calls wait until it is done."""
        with ThreadPoolExecutor(1) as pool:
            yield pool.submit(self._newsquote.warm_up)

    async def list(self, _: _Context, __: PaginatedRequestParams | None) -> ListToolsResult:
        """Describe the tools."""
        return ListToolsResult(tools=list(map(_described, TOOLS)))

    async def call(self, context: _Context, params: CallToolRequestParams) -> CallToolResult:
        """Call a tool; whatever goes wrong is told to the model, which may know better next time."""
        run = partial(self._run, context.lifespan_context, params)
        return await anyio.to_thread.run_sync(run, limiter=self._limiter)

    def _run(self, loaded: _Loaded, params: CallToolRequestParams) -> CallToolResult:
        tool = BY_NAME.get(params.name)
        if tool is None:
            return _failed(f"There is no tool {params.name[:40]!r}. The tools are {', '.join(BY_NAME)}.")
        try:
            loaded.result()
            result = tool.run(self._newsquote, params.arguments or {})
        except ValidationError as error:
            return _failed(Problem.invalid(error).detail)
        except NewsquoteError as error:
            return _failed(str(error))
        except Exception:
            structlog.get_logger().exception("tool failed", tool=tool.name)
            return _failed("Something went wrong here. It has been logged.")
        return CallToolResult(content=[TextContent(text=result.text)], structured_content=result.structured)


def _described(tool: Tool[Any, Any]) -> Described:
    hints = ToolAnnotations(
        read_only_hint=not tool.keeps, destructive_hint=False, idempotent_hint=not tool.keeps, open_world_hint=False
    )
    return Described(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.arguments.model_json_schema(),
        output_schema=tool.result.model_json_schema(mode="serialization"),
        annotations=hints,
    )


def _failed(message: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=message)], is_error=True)


def server(newsquote: Newsquote) -> Server[_Loaded]:
    """Return the server, which any transport can run."""
    handlers = _Handlers(newsquote)
    return Server(
        "newsquote",
        version=VERSION,
        title="Newsquote",
        instructions=INSTRUCTIONS,
        lifespan=handlers.loading,
        on_list_tools=handlers.list,
        on_call_tool=handlers.call,
    )


def serve_stdio(newsquote: Newsquote) -> None:
    """Serve one client on standard input and output until it closes them."""
    asyncio.run(_serve_stdio(server(newsquote)))


async def _serve_stdio(made: Server[_Loaded]) -> None:
    async with stdio_server() as (incoming, outgoing):  # meanwhile, whatever else is printed goes to standard error
        await made.run(incoming, outgoing, made.create_initialization_options())


def serve_http(newsquote: Newsquote, listener: socket.socket) -> None:
    """Serve at ``PATH`` until a signal ends it. Calls are independent of one another: there are no sessions."""
    settings = newsquote.settings
    app = server(newsquote).streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=settings.max_verify_bytes,
        transport_security=_known_by(settings),
    )
    if settings.ask_needs_key:
        app.add_middleware(_KeyNeeded, keys=newsquote.keys)
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=30)
    uvicorn.Server(config).run(sockets=[listener])


class _KeyNeeded:
    """Answers those alone who show a key that may ask, or the admin token."""

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        self._app, self._keys = app, keys

    async def __call__(self, scope: ASGIScope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or await anyio.to_thread.run_sync(self._may_ask, Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        refused = PlainTextResponse(
            "Asking and reading require a key here.", HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": "Bearer"}
        )
        await refused(scope, receive, send)

    def _may_ask(self, headers: Headers) -> bool:
        scheme, _, shown = headers.get("authorization", "").partition(" ")
        scopes = self._keys.scopes_of(shown.strip()) if scheme.casefold() == "bearer" else None
        return allows(scopes or (), Scope.ASK)


def _known_by(settings: Settings) -> TransportSecuritySettings:
    """Return the names that the server answers to, so that no page can reach it by a name pointed at this machine."""
    bare = [host.strip("[]") for host in settings.allowed_hosts]
    hosts = [f"[{host}]" if ":" in host else host for host in bare]
    with_ports = [name for host in hosts for name in (host, f"{host}:*")]
    origins = [f"{scheme}://{name}" for scheme in ("http", "https") for name in with_ports]
    return TransportSecuritySettings(allowed_hosts=with_ports, allowed_origins=origins)
