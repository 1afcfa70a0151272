"""Problems as people see them: a page, or a box on the page that is there already."""

from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kernel.web.access import OWED
from kernel.web.problem import ProblemError
from kernel.web.shell.shell import is_part, shell_of
from kernel.web.shell.ways import OWN_PASSWORD, SIGN_IN


def told(request: Request, problem: ProblemError) -> Response:
    """Answer as the caller reads: a browser gets a page, everybody else problem+json."""
    if "text/html" not in request.headers.get("accept", ""):
        return problem.answer()
    if problem.status_code == 401:
        return _to_sign_in(request)
    if problem.problem.code == OWED:
        return _to(OWN_PASSWORD, request)
    template = "shell/problem_part.html" if is_part(request) else "shell/problem.html"
    answer = shell_of(request).page(
        request, template, {"problem": problem.problem}, status=problem.status_code
    )
    headers = MutableHeaders(raw=answer.raw_headers)
    headers.update(dict(problem.headers or {}))
    if is_part(request):
        # whatever was asked for, the words go to the place for words
        headers.update({"HX-Retarget": "#told", "HX-Reswap": "innerHTML"})
    return answer


def _to(path: str, request: Request) -> Response:
    if is_part(request):
        return Response(status_code=401, headers={"HX-Redirect": path})
    return RedirectResponse(path, 303)


def _to_sign_in(request: Request) -> Response:
    if is_part(request) or request.method != "GET":
        return _to(SIGN_IN, request)
    path = request.url.path
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{SIGN_IN}?next={quote(path + query, safe='')}", 303)
