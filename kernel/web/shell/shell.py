"""The shell of all pages: one layout, one set of components, the places of all services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kernel.access.policy import Right
from kernel.access.principal import Principal
from kernel.web.shell.assets import url_of
from kernel.web.shell.ways import OWN_ACCOUNT, OWN_PASSWORD

OWN = "shell"


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the navigation of those who have a right."""

    path: str
    label: str
    right: Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The pages of a service: `name` begins those of its templates, which lie in `package`.

    `notice` is shown on every page, "" if there is nothing to tell.
    """

    name: str
    package: str
    places: Sequence[Place]
    notice: str = ""


class Shell:
    """Renders pages. Everything is escaped, and a name that is missing is an error."""

    def __init__(self, pages: Sequence[Pages] = ()) -> None:
        loaders = {each.name: PackageLoader(each.package) for each in pages}
        self._environment = Environment(
            loader=PrefixLoader({OWN: PackageLoader(__package__), **loaders}),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals["asset"] = url_of
        self._places = [place for each in pages for place in each.places]
        self._notice = "　".join(each.notice for each in pages if each.notice)

    def home(self, principal: Principal) -> str:
        """Return the path of the first place that somebody may see, or of his own account."""
        if principal.owes_password:
            return OWN_PASSWORD
        seen = (place.path for place in self._places if principal.may(place.right))
        return next(seen, OWN_ACCOUNT)

    def page(
        self,
        request: Request,
        template: str,
        told: Mapping[str, object],
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Render a page, or a part of one; what it tells is never kept by a browser."""
        principal: Principal | None = getattr(request.state, "principal", None)
        may = (lambda _: False) if principal is None else principal.may
        text = self._environment.get_template(template).render(
            {
                "places": [place for place in self._places if may(place.right)],
                "may": lambda right: may(Right(right)),
                "visitor": principal,
                "notice": self._notice,
                "here": request.url.path,
                **told,
            }
        )
        kept = {"Cache-Control": "no-store", "Vary": "HX-Request-Type", **(headers or {})}
        return HTMLResponse(text, status, kept)


def shell_of(request: Request) -> Shell:
    """Return the shell of the application that answers a request."""
    shell: Shell = request.app.state.shell
    return shell


def is_part(request: Request) -> bool:
    """Tell whether a page that is there already asks for a part of itself."""
    return request.headers.get("hx-request-type") == "partial"
