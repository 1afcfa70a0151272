"""The AsyncAPI 3 document: who says what on which subject, as seen from the platform."""

from typing import Any

import yaml

from contracts.registry import HEARD, PUBLISHED, short_name

_PARAMETERS = {
    "system": "Name of the city system; it may publish under this name only.",
    "unit": "Code of the unit (单位), encoded as one token.",
    "key": "Number of the case, or code of what the event is about, encoded as one token.",
}
_ENCODING = "Encoded means: percent-encoded UTF-8, a dot as %2E too; the empty text is a lone %."


def text() -> str:
    """Give the document as YAML."""
    return yaml.safe_dump(document(), allow_unicode=True, sort_keys=False, width=100)


def document() -> dict[str, Any]:
    """Build the document from the table of published types."""
    channels = {short_name(event_type): _channel(event_type) for event_type in PUBLISHED}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "xiaoneng",
            "version": "1.0.0",
            "description": f"Events of a city's administration and its supervision. {_ENCODING}",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/cloudevents+json",
        "servers": {"bus": _server()},
        "channels": channels,
        "operations": {_operation_name(t): _operation(t) for t in PUBLISHED},
        "components": {
            "messages": {short_name(event_type): _message(event_type) for event_type in PUBLISHED},
            "parameters": {name: {"description": words} for name, words in _PARAMETERS.items()},
        },
    }


def _server() -> dict[str, Any]:
    return {
        "host": "{host}:{port}",
        "protocol": "nats",
        "description": "NATS JetStream.",
        "variables": {"host": {"default": "localhost"}, "port": {"default": "4222"}},
    }


def _is_heard(event_type: str) -> bool:
    return short_name(event_type).partition(".")[0] in HEARD


def _channel(event_type: str) -> dict[str, Any]:
    name = short_name(event_type)
    heard = _is_heard(event_type)
    parameters = ["system", "unit", "key"] if heard else ["unit", "key"]
    return {
        "address": f"{'city.{system}' if heard else 'xiaoneng'}.{name}.{{unit}}.{{key}}",
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "parameters": {p: {"$ref": f"#/components/parameters/{p}"} for p in parameters},
    }


def _operation_name(event_type: str) -> str:
    return f"{'receive' if _is_heard(event_type) else 'send'}.{short_name(event_type)}"


def _operation(event_type: str) -> dict[str, Any]:
    name = short_name(event_type)
    return {
        "action": "receive" if _is_heard(event_type) else "send",
        "channel": {"$ref": f"#/channels/{name}"},
        "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
    }


def _message(event_type: str) -> dict[str, Any]:
    words = (PUBLISHED[event_type].__doc__ or "").split("\n")[0]
    return {
        "name": event_type,
        "summary": words,
        "contentType": "application/cloudevents+json",
        "payload": {"$ref": f"./schemas/{short_name(event_type)}.json"},
    }
