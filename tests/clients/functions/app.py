"""A Lambda function on AWS's own runtime client: it does what the path says."""

import base64
import json
import time


def answer(event, body, headers=(), status=200, encoded=False):
    """In the family of the event. Without multi-value headers the last value of a name stays."""
    pairs = [("content-type", "text/plain; charset=utf-8"), *headers]
    result = {"statusCode": status, "statusDescription": f"{status} As Asked", "isBase64Encoded": encoded, "body": body}
    if "multiValueHeaders" in event:
        result["multiValueHeaders"] = {}
        for name, value in pairs:
            result["multiValueHeaders"].setdefault(name, []).append(value)
    else:
        result["headers"] = dict(pairs)
    return result


def handler(event, context):
    path = event["path"]
    if path == "/raise":
        raise ValueError("no idea")
    if path == "/sleep":
        time.sleep(30)
    if path == "/large":
        return answer(event, "x" * 900_000)
    if path == "/too-large":
        return answer(event, "x" * 1_100_000)
    if path == "/cookies":
        return answer(event, "", [("set-cookie", "a=1"), ("set-cookie", "b=2")])
    if path == "/back":
        return answer(event, event["body"], encoded=event["isBase64Encoded"])
    if path == "/bytes":
        return answer(event, base64.b64encode(bytes(range(256))).decode(), encoded=True)
    if path == "/broken":
        return {"statusCode": "200"}
    return answer(event, json.dumps(event), status=201)
