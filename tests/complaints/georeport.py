"""GeoReport v2 as its specification has it, written anew for the tests: schemas of the JSON, the grammar of the XML.

`check(response, name)` holds one answer against all of it, whichever of the two formats it is in, and gives back what
it says as Python. XML and JSON of one call must say the same: `spark` reads the one as the other by the mapping of
https://wiki.open311.org/JSON_and_XML_Conversion/#the-spark-convention.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from xml.etree import ElementTree

import jsonschema

TEXT = {"type": "string", "minLength": 1}
MAYBE = {"anyOf": [TEXT, {"type": "null"}]}
IDENTIFIER = {"type": "string", "pattern": r"^[\w-]+$"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}
DEGREES = {"anyOf": [{"type": "number"}, {"type": "null"}]}
LINK = {"anyOf": [{"type": "string", "pattern": "^https?://"}, {"type": "null"}]}


def record(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    """An object with just these: nothing foreign, as the specification asks."""
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **optional},
        "additionalProperties": False,
    }


def several(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


VALUE = record({"key": TEXT, "name": TEXT})
ATTRIBUTE = record(
    {
        "variable": {"type": "boolean"},
        "code": TEXT,
        "datatype": {"enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]},
        "required": {"type": "boolean"},
        "datatype_description": MAYBE,
        "order": {"type": "integer", "minimum": 1},
        "description": MAYBE,
        "values": several(VALUE),
    }
)
SCHEMAS: dict[str, dict[str, Any]] = {
    "discovery": record(
        {
            "changeset": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d \d\d:\d\d$"},
            "contact": TEXT,
            "key_service": TEXT,
            "endpoints": several(
                record(
                    {
                        "specification": {"const": "http://wiki.open311.org/GeoReport_v2"},
                        "url": {"type": "string", "pattern": "^https?://[^/]+(/d/[a-z-]+)?/open311/v2$"},
                        "changeset": TEXT,
                        "type": {"enum": ["production", "test"]},
                        "formats": {
                            "type": "array",
                            "items": {"enum": ["text/xml", "application/json"]},
                            "contains": {"const": "text/xml"},
                        },
                    }
                )
            ),
        }
    ),
    "services": several(
        record(
            {
                "service_code": IDENTIFIER,
                "service_name": TEXT,
                "description": MAYBE,
                "metadata": {"type": "boolean"},
                "type": {"enum": ["realtime", "batch", "blackbox"]},
                "keywords": MAYBE,
                "group": MAYBE,
            }
        )
    ),
    "service_definition": record({"service_code": IDENTIFIER, "attributes": several(ATTRIBUTE)}),
    "service_requests": several(
        record(
            {
                "service_request_id": IDENTIFIER,
                "status": {"enum": ["open", "closed"]},
                "status_notes": MAYBE,
                "service_name": TEXT,
                "service_code": IDENTIFIER,
                "description": {"anyOf": [{**TEXT, "maxLength": 4000}, {"type": "null"}]},
                "agency_responsible": MAYBE,
                "service_notice": MAYBE,
                "requested_datetime": MOMENT,
                "updated_datetime": MOMENT,
                "expected_datetime": {"anyOf": [MOMENT, {"type": "null"}]},
                "address": MAYBE,
                "address_id": MAYBE,
                "zipcode": MAYBE,
                "lat": DEGREES,
                "long": DEGREES,
                "media_url": LINK,
            }
        )
    ),
    "created": {
        "type": "array",
        "minItems": 1,
        "maxItems": 1,
        "items": {
            # Never both of them, and never neither.
            "oneOf": [
                record({"service_request_id": IDENTIFIER}, service_notice=MAYBE, account_id=MAYBE),
                record({"token": IDENTIFIER}, service_notice=MAYBE, account_id=MAYBE),
            ]
        },
    },
    "token": {
        "type": "array",
        "minItems": 1,
        "maxItems": 1,
        "items": record({"service_request_id": {"anyOf": [IDENTIFIER, {"type": "null"}]}, "token": IDENTIFIER}),
    },
    "service_request_updates": several(
        record(
            {
                "update_id": IDENTIFIER,
                "service_request_id": IDENTIFIER,
                "status": {"type": "string", "pattern": "^[a-z_]+$"},
                "updated_datetime": MOMENT,
                "description": MAYBE,
                "media_url": LINK,
            }
        )
    ),
    "updated": {"type": "array", "minItems": 1, "maxItems": 1, "items": record({"update_id": IDENTIFIER})},
    "errors": {"minItems": 1, **several(record({"code": {"type": "integer"}, "description": TEXT}))},
}
# The root element of what has another name above.
ROOTS = {"created": "service_requests", "token": "service_requests", "updated": "service_request_updates"}
LISTS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
NUMBERS = {"lat", "long"}
INTEGERS = {"order"}
BOOLEANS = {"metadata", "variable", "required"}


@cache
def reader(name: str) -> jsonschema.Draft202012Validator:
    """Its own schema is checked once, not with each answer."""
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])
    return jsonschema.Draft202012Validator(SCHEMAS[name])


def check(response: Any, name: str) -> Any:
    """What the answer says; fails on everything the specification does not have."""
    content = response.content.decode("utf-8")
    if response["Content-Type"].startswith("text/xml"):
        assert response["Content-Type"] == "text/xml; charset=utf-8"
        found = read_xml(content, ROOTS.get(name, name))
    else:
        assert response["Content-Type"] == "application/json; charset=utf-8"
        found = json.loads(content)
    reader(name).validate(found)
    return found


def read_xml(content: str, root: str) -> Any:
    assert re.match(r'<\?xml version="1\.0" encoding="utf-8"\?>\s*<', content), "the declaration comes first"
    tree = ElementTree.fromstring(content.encode())
    assert tree.tag == root
    for element in tree.iter():
        assert element.attrib == {}, "no attributes"
        assert "}" not in element.tag, "no namespace"
        assert element.tail is None or not element.tail.strip(), "no text beside elements"
    return spark(tree)


def spark(element: ElementTree.Element) -> Any:
    """A list by its container, an object by its children, a value by its name; what is empty is null."""
    name, text = element.tag, element.text
    if name in LISTS:
        assert all(child.tag == LISTS[name] for child in element), f"{name} holds {LISTS[name]}"
        return [spark(child) for child in element]
    if len(element):
        names = [child.tag for child in element]
        assert len(names) == len(set(names)), f"{name}: each field once"
        return {child.tag: spark(child) for child in element}
    if not text:
        return None
    if name in NUMBERS:
        return float(text)
    if name in INTEGERS or (name == "code" and text in ("400", "403", "404", "405", "429", "500", "503")):
        return int(text)
    if name in BOOLEANS:
        return {"true": True, "false": False}[text]
    return text
