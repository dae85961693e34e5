"""The deployed posts example, asked through the load balancer of ministack in both header modes."""

import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import boto3
import ministack
import terraform
from expect import same


def check(clone: str, url: str, listener: str) -> None:
    """Asks with multi-value headers, has Terraform switch them off, and asks again."""
    folder = Path(clone) / "examples" / "posts" / "deploy"
    env = terraform.environment() | ministack.variables(url)
    words = ["-var", f"listener_arn={listener}"]
    terraform.run(folder, "plan", "-detailed-exitcode", *words, env=env)
    print("a second plan changes nothing")
    requests(f"{url}/_alb/shared", url, "true")

    override = folder / "mode_override.tf"
    override.write_text('module "posts" {\n  multi_value_headers = false\n}\n')
    terraform.run(folder, "apply", "-auto-approve", *words, env=env)
    requests(f"{url}/_alb/shared", url, "false")
    override.unlink()


def requests(base: str, url: str, multi: str) -> None:
    """Makes requests of each kind that the example answers."""
    client = boto3.client(
        "elbv2", endpoint_url=url, region_name=ministack.REGION, aws_access_key_id="test", aws_secret_access_key="test"
    )
    group = client.describe_target_groups(Names=["posts"])["TargetGroups"][0]["TargetGroupArn"]
    attributes = client.describe_target_group_attributes(TargetGroupArn=group)["Attributes"]
    same("the target group's mode", {"Key": "lambda.multi_value_headers.enabled", "Value": multi} in attributes, True)

    title = f"mode {multi}"
    status, _, post = ask(f"{base}/create_post", data={"title": title, "body": "über das Formular"})
    same("POST /create_post", (status, json.loads(post)["title"], json.loads(post)["body"]), (201, title, "über das Formular"))
    number = json.loads(post)["id"]
    same("GET /posts", title in [post["title"] for post in json.loads(ask(f"{base}/posts")[2])], True)
    same("GET /posts/ID", ask(f"{base}/posts/{number}")[2], post)
    same("DELETE /posts/ID", ask(f"{base}/posts/{number}", "DELETE")[0], 204)
    same("GET /posts/ID that is gone", ask(f"{base}/posts/{number}")[0], 404)
    same("GET /internal/health", ask(f"{base}/internal/health")[2], '{"check":"health","ok":true}')
    status, kind, page = ask(f"{base}/static/")
    same("GET /static/", (status, kind, "<form" in page), (200, "text/html; charset=UTF-8", True))
    status, kind, _ = ask(f"{base}/static/posts.css")
    same("GET /static/posts.css", (status, kind), (200, "text/css; charset=UTF-8"))
    # Which of the two forms the event had: ministack decodes the query of the one with multi-value headers, where AWS does not.
    mark = json.loads(ask(f"{base}/create_post/mark?body=%252B")[2])
    same("a parameter that is encoded twice", mark["body"], "+" if multi == "true" else "%2B")
    same("DELETE /posts/ID", ask(f"{base}/posts/{mark['id']}", "DELETE")[0], 204)
    print(f"multi-value headers {multi}: all answers are right")


def ask(url: str, method: str | None = None, data: dict[str, str] | None = None) -> tuple[int, str | None, str]:
    """Makes a request and returns status, content type and body."""
    body = urllib.parse.urlencode(data).encode() if data else None
    request = urllib.request.Request(url, data=body, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers["content-type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["content-type"], error.read().decode()
