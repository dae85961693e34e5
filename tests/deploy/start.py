"""Starts a zip as a function of ministack and asks it what a load balancer would."""

import json
from pathlib import Path

import boto3
import ministack
from expect import same

EVENT = {
    "requestContext": {"elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:000000000000:targetgroup/hello/0123456789abcdef"}},
    "httpMethod": "GET",
    "path": "/hello/Ann",
    "queryStringParameters": {},
    "headers": {"host": "hello.example.com", "x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "https", "x-forwarded-port": "443"},
    "body": "",
    "isBase64Encoded": False,
}


def check(zip_file: Path) -> None:
    """Makes the function and looks at its answer."""
    with ministack.running() as url:
        client = boto3.client(
            "lambda", endpoint_url=url, region_name=ministack.REGION, aws_access_key_id="test", aws_secret_access_key="test"
        )
        client.create_function(
            FunctionName="hello",
            Runtime="provided.al2023",
            Handler="bootstrap",
            Role="arn:aws:iam::000000000000:role/hello",
            Timeout=60,
            Code={"ZipFile": zip_file.read_bytes()},
        )
        answer = json.load(client.invoke(FunctionName="hello", Payload=json.dumps(EVENT))["Payload"])
    same("GET /hello/Ann", (answer.get("statusCode"), answer.get("body")), (200, "Hello Ann!"))
    print(f"{zip_file.name}, {zip_file.stat().st_size} bytes: it starts and answers")
