"""What a caller did wrong or we can not do, as RFC 9457 problem+json with a stable code."""

from collections.abc import Mapping

from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """The body of every answer that is an error; officials read `title`, `detail` and `fix`."""

    type: str
    """`urn:xiaoneng:problem:<code>`"""
    title: str
    status: int
    detail: str
    code: str
    """Stable: programs decide by it."""
    field: str | None = None
    """Path of the field that is wrong, such as `data.case`."""
    fix: str
    """What the caller can do about it."""
    reference: str | None = None
    """Finds what happened in our logs."""


# an HTTPException, since FastAPI lets no other pass while it reads a body
class ProblemError(HTTPException):
    """Ends a request with a problem. Texts are Chinese and never repeat a value that was sent."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        title: str,
        detail: str,
        fix: str,
        field: str | None = None,
        reference: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status_code=status, detail=detail, headers=headers)
        self.problem = Problem(
            type=f"urn:xiaoneng:problem:{code}",
            title=title,
            status=status,
            detail=detail,
            code=code,
            field=field,
            fix=fix,
            reference=reference,
        )

    def __str__(self) -> str:
        return f"{self.problem.status} {self.problem.code}"

    def answer(self) -> Response:
        """Return the response that tells it; what is absent is left out."""
        return Response(
            self.problem.model_dump_json(exclude_none=True),
            status_code=self.problem.status,
            media_type=MEDIA_TYPE,
            headers=self.headers,
        )
