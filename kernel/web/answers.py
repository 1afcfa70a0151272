"""The problems that every door knows: from what was raised to what the caller is told."""

import asyncpg
import nats.errors
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from kernel.web.problem import ProblemError
from kernel.web.validation import invalid, is_json_missing, malformed

RETRY_SECONDS = "2"

UNREACHABLE = (
    OSError,  # refused, reset, unknown host, timed out
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,  # what was the primary is one no more
    asyncpg.DeadlockDetectedError,
    asyncpg.InternalClientError,  # of a connection that was cut in the midst of an answer
    nats.errors.ConnectionClosedError,
    nats.errors.ConnectionDrainingError,
    nats.errors.ConnectionReconnectingError,
    nats.errors.NoRespondersError,
    nats.errors.NoServersError,
    nats.errors.OutboundBufferLimitError,
    nats.errors.StaleConnectionError,
    nats.errors.TimeoutError,
)


def of_http(error: HTTPException) -> ProblemError:
    """Translate what the framework refuses by itself."""
    match error:
        case ProblemError():
            return error
        case HTTPException(status_code=404):
            return not_found()
        case HTTPException(status_code=405):
            return _wrong_method(error)
    return ProblemError(
        error.status_code,
        "malformed-request",
        title="请求不能读取",
        detail="请求的格式不对，未作处理。",
        fix="请对照接口说明检查请求的格式和编码。",
        headers=error.headers,
    )


def of_validation(error: RequestValidationError) -> ProblemError:
    """Translate what did not fit the shape of a route; the first of many is told."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return malformed(first)
    if is_json_missing(error):
        return unsupported("application/json")
    return invalid(first)


def is_unreachable(error: Exception) -> bool:
    """Tell an outage of what we depend on, which passes, from a mistake of ours."""
    # "connection is closed", "pool is closing"; its subclasses are mistakes
    return isinstance(error, UNREACHABLE) or type(error) is asyncpg.InterfaceError


def not_found() -> ProblemError:
    """There is nothing at this address."""
    return ProblemError(
        404,
        "not-found",
        title="没有找到",
        detail="这个地址下没有内容。",
        fix="请核对地址和编号。",
    )


def unsupported(*wanted: str) -> ProblemError:
    """The body is of another media type than those wanted."""
    return ProblemError(
        415,
        "unsupported-media-type",
        title="不支持的内容类型",
        detail=f"这里只接收 {'、'.join(wanted)}。",
        fix="请改正请求头 Content-Type，并按该类型编码内容。",
        field="Content-Type",
    )


def unavailable() -> ProblemError:
    """The database or the bus can not be reached for the moment."""
    return ProblemError(
        503,
        "unavailable",
        title="服务暂时不可用",
        detail="系统所依赖的数据库或消息总线暂时无法连接，请求是否生效尚不确定。",
        fix="请稍后以同样的内容重试，不会重复办理；若持续出现，请联系运行维护人员。",
        headers={"Retry-After": RETRY_SECONDS},
    )


def internal(reference: str) -> ProblemError:
    """A mistake of ours; the reference finds it in the logs."""
    return ProblemError(
        500,
        "internal-error",
        title="系统内部错误",
        detail=f"处理请求时系统出错，编号 {reference}。",
        fix="请将编号告知运行维护人员。",
        reference=reference,
    )


def _wrong_method(error: HTTPException) -> ProblemError:
    allowed = (error.headers or {}).get("Allow", "")
    return ProblemError(
        405,
        "method-not-allowed",
        title="不支持的请求方法",
        detail=f"这个地址只支持 {allowed or '其他方法'}。",
        fix="请对照接口说明改用支持的方法。",
        headers=error.headers,
    )
