"""The connections of a service to its schema."""

import asyncpg


async def open_pool(url: str, schema: str, *, size: int = 10) -> asyncpg.Pool:
    """Return a pool of at most `size` connections whose search path is the service's schema."""
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        server_settings={"search_path": schema, "application_name": f"xiaoneng {schema}"},
    )
