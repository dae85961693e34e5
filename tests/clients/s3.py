"""Signatures by botocore, to compare ours with, and a browser's way through a bucket of ministack.

python3 s3.py vectors SEED COUNT    prints inputs with what botocore makes of them at a frozen time
python3 s3.py inputs SEED COUNT     prints inputs alone
python3 s3.py compare               reads inputs with what carafe made of them, and prints where botocore differs
python3 s3.py stand-in APP S3       uploads into and downloads from a bucket at S3 by the forms and links of APP, and prints what came of it
"""

import base64
import datetime
import http.client
import json
import random
import re
import sys
import urllib.parse

import botocore.auth
import botocore.session
import botocore.signers
from botocore.config import Config

SESSION = botocore.session.Session()


def freeze(seconds):
    now = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).replace(tzinfo=None)
    for module in (botocore.auth, botocore.signers):
        module.get_current_datetime = lambda remove_tzinfo=True: now


def client(given):
    path_style = given["endpoint"] is not None or "." in given["bucket"]
    style = {"addressing_style": "path" if path_style else "virtual", "us_east_1_regional_endpoint": "regional"}
    return SESSION.create_client(
        "s3",
        region_name=given["region"],
        endpoint_url=given["endpoint"],
        aws_access_key_id=given["id"],
        aws_secret_access_key=given["secret"],
        aws_session_token=given["token"],
        config=Config(signature_version="s3v4", s3=style),
    )


def link(given):
    parameters = {"Bucket": given["bucket"], "Key": given["key"]}
    if given["disposition"] is not None:
        parameters["ResponseContentDisposition"] = given["disposition"]
    return client(given).generate_presigned_url("get_object", Params=parameters, ExpiresIn=given["seconds"])


def form(given):
    fields = {"success_action_redirect": given["back"]}
    conditions = [{"success_action_redirect": given["back"]}, ["content-length-range", 1, given["at_most"]]]
    types = given["types"]
    if types:
        fields["Content-Type"] = types[0]
        conditions.append({"Content-Type": types[0]} if len(types) == 1 else ["starts-with", "$Content-Type", "image/"])
    return client(given).generate_presigned_post(
        given["bucket"], given["key"], Fields=fields, Conditions=conditions, ExpiresIn=given["seconds"]
    )


PIECES = ["a", "Z", "7", "-", "_", ".", "~", "/", "//", " ", "+", "%", "%2F", "&", "=", "?", "#", "'", '"', "(", ")", "*", "!", "@", ":", ";",
          ",", "$", "\\", "[", "]", "{", "}", "<", ">", "^", "`", "|", "ä", "ß", "€", "日本", "😀", "é", "\u00a0", "\u2028"]


def text(rng, most):
    return "".join(rng.choice(PIECES) for _ in range(rng.randint(1, most)))


def key(rng):
    while True:
        made = text(rng, 24).lstrip("/")
        if made and not any(part in (".", "..") for part in made.split("/")):
            return made


def given(rng):
    region = rng.choice(["us-east-1", "eu-west-1", "eu-central-1", "ap-northeast-3", "us-gov-west-1", "cn-north-1"])
    bucket = rng.choice(["acme", "acme-photos-7", "a1b", "photos.example.com", "x" * 63])
    endpoint = rng.choice([None, None, None, "http://127.0.0.1:4566", "https://s3.example.com", "http://localhost"])
    token = "".join(rng.choice("abcXYZ0189+/=") for _ in range(rng.choice([20, 60, 900])))
    return {
        "id": "AKIA" + "".join(rng.choice("ABCDEFGH234567") for _ in range(16)),
        "secret": "".join(rng.choice("abcdXYZ0189+/") for _ in range(40)),
        "token": rng.choice([None, token]),
        "region": region,
        "bucket": bucket,
        "endpoint": endpoint,
        "key": key(rng),
        "seconds": 60 * rng.randint(1, 7 * 24 * 60),
        "disposition": rng.choice([None, f'attachment; filename="{rng.randint(0, 9)} a_b.pdf"', "inline"]),
        "name": rng.choice([None, "Report 7.pdf", text(rng, 12)]),
        "at_most": rng.randint(1, 5 * 1024**3),
        "types": rng.choice([[], ["image/png"], ["application/pdf"], ["image/png", "image/jpeg"], ["image/webp", "image/png", "image/gif"]]),
        "back": "https://app.example.com/photos/gr%C3%B6%C3%9Fe?a=%22&upload=" + text(rng, 9),
        "now": rng.randint(1_500_000_000, 2_500_000_000),
    }


def inputs(seed, count):
    rng = random.Random(int(seed))
    return [given(rng) for _ in range(int(count))]


def vector(one):
    """One with what botocore makes of it; the signature of a form covers all that is in it but the address."""
    freeze(one["now"])
    made = form(one)
    return {**one, "link": link(one), "url": made["url"], "signature": made["fields"]["x-amz-signature"]}


def taken_apart(url):
    address, query = url.split("?", 1)
    return address, sorted(query.split("&"))


def compare():
    """What carafe made: a link and a form, at times of its own choice and for a key of its own."""
    differing = []
    for one in json.load(sys.stdin):
        query = dict(urllib.parse.parse_qsl(one["link"].split("?", 1)[1], keep_blank_values=True))
        freeze(stamp(query["X-Amz-Date"]))
        one["disposition"] = query.get("response-content-disposition")
        ours, theirs = taken_apart(one["link"]), taken_apart(link(one))
        if ours != theirs:
            differing.append(["link", ours, theirs])
        made = one["form"]
        freeze(stamp(made["fields"]["x-amz-date"]))
        one = {**one, "key": made["fields"]["key"], "back": made["fields"]["success_action_redirect"]}
        theirs = form(one)
        if (made["url"], made["fields"]) != (theirs["url"], theirs["fields"]):
            differing.append(["form", made, theirs, base64.b64decode(made["fields"]["policy"]).decode()])
    return differing


def stamp(basic):
    time = datetime.datetime.strptime(basic, "%Y%m%dT%H%M%SZ")
    return int(time.replace(tzinfo=datetime.timezone.utc).timestamp())


def send(url, method="GET", body=None, headers=None):
    """Sends a request, and follows nothing: status, headers, body."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, headers or {})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def upload(made, content, changes=None):
    """Sends a form as a browser does, with some of its fields changed: the status, and the address or the code of the refusal."""
    parts = {**made["fields"], **(changes or {})}
    body = "".join(f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in parts.items())
    body += '--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    body = body.encode() + content + b"\r\n--x--\r\n"
    status, headers, answer = send(made["url"], "POST", body, {"Content-Type": "multipart/form-data; boundary=x"})
    code = re.search(rb"<Code>(\w+)</Code>", answer)
    return status, headers["Location"] or (code and code.group(1).decode())


def stand_in(app, s3):
    own = {"id": "test", "secret": "test", "token": None, "region": "us-east-1", "bucket": "acme", "endpoint": s3}
    client(own).create_bucket(Bucket="acme")
    offered = lambda: json.loads(send(f"{app}/photos/new")[2])
    made, seen = offered(), {}
    most = made["max_bytes"]
    status, back = upload(made, b"p" * most)
    seen["within the limit"] = status
    status, _, body = send(back)
    seen["back"] = [status, body.decode() == f"acme {made['fields']['key']} {most}"]
    held = client(own).head_object(Bucket="acme", Key=made["fields"]["key"])
    seen["held"] = [held["ContentLength"], held["ContentType"]]
    seen["over the limit"] = upload(offered(), b"p" * (most + 1))
    seen["empty"] = upload(offered(), b"")
    for name, changes in {
        "another key": {"key": "tmp/mine"},
        "another prefix": {"key": "reports/7.txt"},
        "another type": {"Content-Type": "text/html"},
        "another page": {"success_action_redirect": "https://evil.example"},
        "another policy": {"policy": base64.b64encode(b'{"expiration": "2099-01-01T00:00:00Z", "conditions": []}').decode()},
        "another signature": {"x-amz-signature": "0" * 64},
        "a field more": {"x-amz-meta-a": "b"},
    }.items():
        seen[name] = upload(offered(), b"p", changes)[0]
    # The key that was never uploaded to: our way back is for the key that was offered.
    seen["forged"] = send(back.replace(made["fields"]["key"], "reports/7.txt"))[0]
    client(own).put_object(Bucket="acme", Key="reports/größe 7+.txt", Body=b"seven")
    status, headers, _ = send(f"{app}/report")
    url = headers["Location"]
    status_there, headers, body = send(url)
    seen["link"] = [status, status_there, body.decode(), headers["Content-Disposition"]]
    for name, changed in {
        "link to another object": url.replace("%207%2B.txt", "%208%2B.txt"),
        "link for longer": url.replace("X-Amz-Expires=300", "X-Amz-Expires=301"),
        "link with another name": url.replace("Report", "Virus"),
    }.items():
        seen[name] = [changed != url, send(changed)[0]]
    return seen


if __name__ == "__main__":
    command, arguments = sys.argv[1], sys.argv[2:]
    if command == "vectors":
        print("[" + ",\n".join(json.dumps(vector(one)) for one in inputs(*arguments)) + "]")
    else:
        print(json.dumps({"inputs": inputs, "compare": compare, "stand-in": stand_in}[command](*arguments)))
