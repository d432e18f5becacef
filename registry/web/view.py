"""From a page's template and what is known to its HTML. Every text is made visible and escaped, whatever it holds."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from flask import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from registry.core.errors import visible
from registry.core.model import Line, Shaft, Thing
from registry.core.sizes import outer_size
from registry.formats.words import WORDS, Language, length
from registry.web.addresses import path_of, query
from registry.web.language import COOKIE, COOKIE_AGE, LANGUAGES, language_of
from registry.web.words import PAGE, at_moment, on_day

#: Nothing is fetched but what the register itself serves, and nothing runs.
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def _finalized(value: Any) -> Any:
    """What is written: of a text, nothing that hides or turns around what is beside it."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("registry.web"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
    )
    environment.globals.update(n=_number, path_of=path_of, query=query, seen=visible)
    return environment


def _number(value: float) -> str:
    """A number in a drawing."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def page(request: Request, template: str, name: str, status: int = 200, **known: Any) -> Response:
    """The response with a page, ``name`` being where it stands in the navigation."""
    lang = language_of(request)
    html = _environment().get_template(template).render(**_words(request, lang), page=name, **known)
    response = Response(html, status, {**HEADERS, "Content-Language": lang, "Vary": "Accept-Language, Cookie"})
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(COOKIE, lang, max_age=COOKIE_AGE, samesite="Lax", httponly=True, secure=request.is_secure)
    return response


def _words(request: Request, lang: Language) -> dict[str, Any]:
    def link(kind: str, name: str) -> str:
        return request.script_root + path_of(kind, name)

    def in_language(code: str) -> str:
        kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
        return f"?{urlencode([*kept, ('lang', code)])}"

    def ruleset_link(ruleset: Any) -> str:
        return link("ruleset", ruleset.id) + query(version=ruleset.version)

    functions: dict[str, Callable[..., str]] = {
        "link": link,
        "in_language": in_language,
        "ruleset_link": ruleset_link,
        "day": lambda value: on_day(value, lang),
        "moment": lambda value: at_moment(value, lang),
        "metres": lambda mm: length(mm, lang),
        "coordinate": lambda metres: _coordinate(metres, lang),
        "signed": lambda metres: _signed(metres, lang),
        "size_of": lambda thing: size_of(thing, lang),
    }
    return {"lang": lang, "t": PAGE[lang], "w": WORDS[lang], "root": request.script_root, "keep": "", **functions}


def _coordinate(metres: float, lang: Language) -> str:
    """Metres with as many decimals as there are."""
    text = f"{metres:.3f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if lang == "nl" else text


def _signed(metres: float, lang: Language) -> str:
    """A level in metres, two decimals, with its sign."""
    sign = "−" if metres < -0.0005 else "+" if metres > 0.0005 else ""
    text = f"{sign}{abs(metres):.2f}"
    return text.replace(".", ",") if lang == "nl" else text


def size_of(thing: Thing, lang: Language) -> str:
    """The outer size of a thing in metres, and its envelope where it has one."""
    words, geometry = PAGE[lang]["size"], thing.geometry
    if not isinstance(geometry, (Line, Shaft)):
        return words["volume"]
    width, height = outer_size(geometry.size)
    told = words["unknown"]
    if width is not None and height is not None:
        key = "round" if geometry.size is not None and geometry.size.shape == "round" else "other"
        told = words[key].format(width=length(width, lang), height=length(height, lang))
    if isinstance(geometry, Line) and geometry.envelope is not None:
        envelope = geometry.envelope
        told += "; " + words["envelope"].format(
            width=length(envelope.width, lang), height=length(envelope.height, lang)
        )
    return told
