"""What schemathesis cannot read from the document: the conventions of the manual (bridge/web/manual/intro.en.html, "Conventions").

    convention                                            a case that only breaks the schema in this way is not wrong
    null, an empty text and blanks are like left out      such members are dropped
    a number may stand for a text                         it is written as its digits
    a list may be one value, or values joined by commas   it is made a list
    a truth may be 1 or 0                                 it is made a truth
    the body of a vendor's path                           HTTP 200 for every outcome: `success`, or `code`, says whether it was accepted

So a body of a negative case is read as the platform reads it; when it then fits the schema, nothing had to be refused.
"""
import jsonschema_rs
import schemathesis
from schemathesis.specs.openapi.checks import missing_required_header, negative_data_rejection


def plain(value, schema, definitions):
    """The value by the conventions, as far as its schema tells what each member is."""
    while isinstance(schema, dict) and "$ref" in schema:
        schema = definitions.get(schema["$ref"].rsplit("/", 1)[1], {})
    schema = schema if isinstance(schema, dict) else {}
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        return {name: plain(member, properties.get(name, {}), definitions) for name, member in value.items()
                if not (member is None or isinstance(member, str) and member.strip(" \t\r\n") == "")}
    if isinstance(value, list):
        return [plain(member, schema.get("items", {}), definitions) for member in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool) and types == ["string"]:
        return str(value)
    if isinstance(value, (str, int, float)) and not isinstance(value, bool) and "array" in types:
        return [part.strip(" ") for part in str(value).split(",") if part.strip(" ")]
    if "boolean" in types and value in (0, 1, "true", "false", "0", "1"):
        return True
    return value


def fits(case):
    """Does the body fit its schema, once it is read by the conventions?"""
    media = case.media_type
    raw = case.operation.definition.raw
    content = raw.get("requestBody", {}).get("content", {})
    schema = content.get(media, {}).get("schema")
    if schema is None or not isinstance(case.body, (dict, list)):
        return False
    definitions = case.operation.schema.raw_schema["components"]["schemas"]
    document = {**schema, "components": {"schemas": definitions}}
    return jsonschema_rs.validator_for(document).is_valid(plain(case.body, schema, definitions))


def refused(case, response):
    """A refusal at a vendor's path; or of an address with all parameters that the document has, which is too long."""
    if response.status_code != 200:
        return response.status_code == 414
    return "/openapi/v2/" in case.path and response.json()["success"] is False or "/artemis/" in case.path and response.json()["code"] != "0"


@schemathesis.check
def negative_data_rejected(ctx, response, case):
    """negative_data_rejection, where the conventions leave something to refuse."""
    if case.meta is None or not case.meta.generation.mode.is_negative:
        return None
    if refused(case, response):
        return None
    if fits(case):
        return None
    return negative_data_rejection(ctx, response, case)


@schemathesis.check
def missing_header_refused(ctx, response, case):
    """missing_required_header; without a credential GeoReport v2 answers 403, and what is malformed is 400 before anybody is asked who he is."""
    if response.status_code in (400, 401, 403) or refused(case, response):
        return None
    return missing_required_header(ctx, response, case)
