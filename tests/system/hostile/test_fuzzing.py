"""Whatever is sent to a documented route, fitting or not: an answer as documented, never a 5xx."""

import asyncio
import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import load_all_checks
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)

from tests.system.hostile.town import AUDITOR, LEADER, PROGRAM, Town
from tests.system.stack import OPERATOR, REPORTER

ENDLESS = "/judgements/stream"
TOKENS = (REPORTER, PROGRAM, OPERATOR, AUDITOR, LEADER, "nobody's")
CHECKS = [content_type_conformance, response_headers_conformance, response_schema_conformance]
CODE = re.compile(r"[a-z][a-z0-9-]{2,60}")
FEW = 6
"""Examples of each kind for each operation: a minute in all. By hand a run of 300 was made."""

KINDS = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)


def is_documented(case: Any, response: Any) -> None:
    """Fail unless an answer is one that the document promises."""
    assert response.status_code < 500, (case.method, response.text)
    case.validate_response(response, checks=CHECKS)
    if response.status_code >= 400:
        problem = response.json()
        assert response.headers["content-type"] == ["application/problem+json"]
        assert CODE.fullmatch(problem["code"]), problem
        assert problem["type"] == f"urn:xiaoneng:problem:{problem['code']}"
        assert problem["status"] == response.status_code
        assert problem["title"]
        assert problem["fix"]


def attack(operation: Any, origin: str, kind: schemathesis.GenerationMode) -> None:
    """Send what fits an operation, or what does not."""

    @seed(20261123)
    @settings(
        max_examples=FEW,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=kind), token=st.sampled_from(TOKENS))
    def send(case: Any, token: str) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
        is_documented(case, case.call(base_url=origin, timeout=30))

    send()


@pytest.mark.parametrize("kind", KINDS, ids=["fitting", "unfitting"])
async def test_every_documented_route_answers_whatever_is_sent_as_its_document_says(
    town: Town, kind: schemathesis.GenerationMode
) -> None:
    load_all_checks()
    async with town.doors.client() as office:
        document = (await office.get("/openapi.json")).json()
    schema = schemathesis.openapi.from_dict(document)
    tried = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found.err()
        if found.ok().path != ENDLESS:
            await asyncio.to_thread(attack, found.ok(), town.doors.origin, kind)
            tried += 1
    assert tried >= 40
    log = town.doors.log.read_text()
    assert '"internal error"' not in log
    assert "Traceback" not in log
