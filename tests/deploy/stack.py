"""deploy/cloudformation.yaml: what cfn-lint says, and what two emulators make of it, read back through their APIs."""

import io
import json
import subprocess
import sys
import time
import zipfile

import boto3
import ministack
import terraform
from expect import same
from moto import mock_aws

TEMPLATE = terraform.REPOSITORY / "deploy" / "cloudformation.yaml"


def check() -> None:
    """Runs all of it."""
    subprocess.run([sys.executable, str(terraform.TOOLS / "bin" / "cfn-lint"), str(TEMPLATE)], check=True, timeout=300)
    print("cfn-lint: nothing")
    with mock_aws():
        made = create(None)
        same("rules", rules(made), [("/api", "/api/*"), "7"])
        same("permission", permission(made), (made["function"], "lambda:InvokeFunction", "elasticloadbalancing.amazonaws.com", "123456789012"))
        same("health check", made["group"]["HealthCheckEnabled"], False)
        logs = made["client"]("logs").describe_log_groups()["logGroups"]
        same("log group", [(group["logGroupName"], group["retentionInDays"]) for group in logs], [("/aws/lambda/posts", 14)])
        same("function", function(made), ("provided.al2023", "bootstrap", 256, 10))
    print("moto: rule, permission, log group and function are as written")
    with ministack.running() as url:
        made = create(url)
        same("rules", rules(made), [("/api", "/api/*"), "7"])
        same("attributes", attributes(made)["lambda.multi_value_headers.enabled"], "true")
        same("target type", made["group"]["TargetType"], "lambda")
        found = made["client"]("lambda").get_function_configuration(FunctionName="posts")
        same("logging", (found["LoggingConfig"]["LogFormat"], found["LoggingConfig"]["LogGroup"]), ("JSON", "/aws/lambda/posts"))
        same("architectures", found["Architectures"], ["arm64"])
        same("role", role(made), (["logs:CreateLogStream", "logs:PutLogEvents"], "lambda.amazonaws.com"))
    # What moto does not keep.
    print("ministack: the target group has multi-value headers, the function its architecture, log group and role")


def create(url: str | None) -> dict:
    """Makes a listener and a zip, then the stack, and returns where to look."""

    def client(name: str):
        return boto3.client(name, endpoint_url=url, region_name=ministack.REGION, aws_access_key_id="test", aws_secret_access_key="test")

    subnets = [subnet["SubnetId"] for subnet in client("ec2").describe_subnets()["Subnets"][:2]]
    balancer = client("elbv2").create_load_balancer(Name="shared", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    none = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]
    made = client("elbv2").create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=none)
    listener = made["Listeners"][0]["ListenerArn"]
    client("s3").create_bucket(Bucket="programs", CreateBucketConfiguration={"LocationConstraint": ministack.REGION})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("bootstrap", "#!/bin/sh\n")
    client("s3").put_object(Bucket="programs", Key="posts-1.zip", Body=packed.getvalue())
    given = {
        "Name": "posts",
        "ListenerArn": listener,
        "Priority": "7",
        "Paths": "/api,/api/*",
        "CodeBucket": "programs",
        "CodeKey": "posts-1.zip",
        "Architecture": "arm64",
        "LogRetentionDays": "14",
    }
    client("cloudformation").create_stack(
        StackName="posts",
        TemplateBody=TEMPLATE.read_text(),
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
    )
    outputs = finished(client("cloudformation"))
    group = client("elbv2").describe_target_groups(Names=["posts"])["TargetGroups"][0]
    same("the output TargetGroupArn", outputs["TargetGroupArn"], group["TargetGroupArn"])
    return {"client": client, "listener": listener, "group": group, "function": outputs["FunctionArn"]}


def finished(client) -> dict[str, str]:
    """Waits for the stack and returns its outputs."""
    for _ in range(100):
        stack = client.describe_stacks(StackName="posts")["Stacks"][0]
        if stack["StackStatus"] == "CREATE_COMPLETE":
            return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            break
        time.sleep(0.2)
    raise AssertionError(f"the stack is {stack['StackStatus']}: {stack.get('StackStatusReason')}")


def rules(made: dict) -> list:
    """Returns paths and priority of the one rule that is not the default, which forwards to the target group."""
    found = made["client"]("elbv2").describe_rules(ListenerArn=made["listener"])["Rules"]
    [rule] = [rule for rule in found if not rule["IsDefault"]]
    [condition], [action] = rule["Conditions"], rule["Actions"]
    same("the rule's target", (action["Type"], action["TargetGroupArn"]), ("forward", made["group"]["TargetGroupArn"]))
    return [tuple(condition["PathPatternConfig"]["Values"]), rule["Priority"]]


def attributes(made: dict) -> dict[str, str]:
    """Returns the attributes of the target group."""
    found = made["client"]("elbv2").describe_target_group_attributes(TargetGroupArn=made["group"]["TargetGroupArn"])
    return {pair["Key"]: pair["Value"] for pair in found["Attributes"]}


def permission(made: dict) -> tuple:
    """Returns who may call the function, and from which account."""
    [statement] = json.loads(made["client"]("lambda").get_policy(FunctionName="posts")["Policy"])["Statement"]
    account = {key.lower(): value for key, value in statement["Condition"]["StringEquals"].items()}["aws:sourceaccount"]
    return statement["Resource"], statement["Action"], statement["Principal"]["Service"], account


def function(made: dict) -> tuple:
    """Returns how the function is run."""
    found = made["client"]("lambda").get_function_configuration(FunctionName="posts")
    return found["Runtime"], found["Handler"], found["MemorySize"], found["Timeout"]


def role(made: dict) -> tuple:
    """Returns what the role may do and who takes it."""
    client = made["client"]("iam")
    [found] = client.list_roles()["Roles"]
    [statement] = client.get_role_policy(RoleName=found["RoleName"], PolicyName="function")["PolicyDocument"]["Statement"]
    return statement["Action"], found["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"]
