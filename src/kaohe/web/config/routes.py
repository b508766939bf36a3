"""Every address of the web app: its name, pattern and methods."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

ANY = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Route:
    """One address: ``pattern`` as in the URL configuration, ``methods`` that its view answers."""

    name: str
    pattern: str
    methods: tuple[str, ...]

    def row(self) -> dict[str, Any]:
        """As ``kaohe routes --json`` writes it."""
        return {"name": self.name, "pattern": f"/{self.pattern}", "methods": list(self.methods)}


def routes() -> list[Route]:
    """All routes in the order in which they are tried."""
    return list(_below(get_resolver().url_patterns, ""))


def _below(patterns: Sequence[URLPattern | URLResolver], prefix: str) -> Iterator[Route]:
    for one in patterns:
        whole = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _below(one.url_patterns, whole)
        else:
            yield Route(one.name or "", whole, methods_of(one.callback))


def methods_of(view: Callable[..., Any]) -> tuple[str, ...]:
    """The methods that a view answers: of its class, or of the decorators of ``django.views.decorators.http``.

    >>> from django.views.decorators.http import require_safe
    >>> methods_of(require_safe(lambda request: None))
    ('GET', 'HEAD')
    """
    if (kind := getattr(view, "view_class", None)) is not None:
        return tuple(name.upper() for name in kind.http_method_names if hasattr(kind, name) or name == "head")
    methods = ANY
    step: Callable[..., Any] | None = view
    while step is not None:
        told = inspect.getclosurevars(step).nonlocals.get("request_method_list")
        if told is not None:
            methods = tuple(method for method in methods if method in told)
        step = getattr(step, "__wrapped__", None)
    return methods
