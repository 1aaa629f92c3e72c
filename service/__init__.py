"""Reads passages, answers, and serves page, API and command line."""

from service.app import create_app

__all__ = ["create_app"]
