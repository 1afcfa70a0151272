"""The administrator's connection to a PostgreSQL server that is good enough."""

import asyncpg

from deploy.refusal import RefusedError

OLDEST_POSTGRES = 15


async def administrator(url: str) -> asyncpg.Connection:
    """Connect to a server that is good enough.

    Raises RefusedError: `postgres-unreachable`, `postgres-refused`, `postgres-too-old`.
    """
    try:
        connection = await asyncpg.connect(url)
    except asyncpg.InvalidAuthorizationSpecificationError as error:
        raise RefusedError(
            "postgres-refused",
            "PostgreSQL 不接受这一用户或口令。",
            "请核对 XIAONENG_POSTGRES_URL 的用户和口令。",
        ) from error
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise RefusedError(
            "postgres-unreachable",
            f"连不上 PostgreSQL：{error}。",
            "请核对 XIAONENG_POSTGRES_URL 的地址和库名，并确认服务器已启动。",
        ) from error
    version = connection.get_server_version()
    if version.major < OLDEST_POSTGRES:
        await connection.close()
        raise RefusedError(
            "postgres-too-old",
            f"PostgreSQL 的版本是 {version.major}。",
            f"请升级到 {OLDEST_POSTGRES} 或更高版本。",
        )
    return connection
