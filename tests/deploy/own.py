"""A load balancer of the module's own in ministack. By hand: the provider waits a minute for each load balancer."""

import urllib.request
import zipfile

import boto3
import ministack
import terraform
from expect import same

PROGRAM = """#!/bin/sh
set -eu
api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
while :; do
    id=$(curl -sSD - -o event "$api/next" | tr -d '\\r' | sed -n 's/^lambda-runtime-aws-request-id: //ip')
    curl -sS "$api/$id/response" -d '{"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": "own"}' > /dev/null
done
"""

MAIN = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.100" }
  }
}

variable "vpc_id" { type = string }
variable "subnets" { type = list(string) }

module "app" {
  source  = "../terraform"
  name    = "own_program-with-a-name-that-is-too-long"
  package = "app.zip"
  rules   = { all = { priority = 100, paths = ["/*"] } }
  alarms  = {}

  load_balancer = {
    vpc_id              = var.vpc_id
    subnets             = var.subnets
    allow_from          = ["10.0.0.0/8", "fd00::/8"]
    deletion_protection = false
  }
}

output "url" { value = module.app.url }
output "load_balancer_arn" { value = module.app.load_balancer_arn }
output "security_group_id" { value = module.app.security_group_id }
"""


def check() -> None:
    """Applies it, asks the program, reads back what was made, and destroys it."""
    folder = terraform.copy("own") / "deploy" / "own"
    folder.mkdir()
    (folder / "main.tf").write_text(MAIN)
    pack(folder / "app.zip")
    with ministack.running() as url:
        env = terraform.environment() | ministack.variables(url)
        client = lambda name: boto3.client(  # noqa: E731
            name, endpoint_url=url, region_name=ministack.REGION, aws_access_key_id="test", aws_secret_access_key="test"
        )
        found = client("ec2").describe_subnets()["Subnets"][:2]
        words = ["-var", f"vpc_id={found[0]['VpcId']}", "-var", f'subnets={[subnet["SubnetId"] for subnet in found]}'.replace("'", '"')]
        terraform.run(folder, "init", env=env)
        terraform.run(folder, "apply", "-auto-approve", *words, env=env)
        read(folder, env, client, url)
        terraform.run(folder, "destroy", "-auto-approve", *words, env=env)
        same("load balancers after destroy", client("elbv2").describe_load_balancers()["LoadBalancers"], [])
        print("destroyed: nothing is left")


def read(folder, env: dict[str, str], client, url: str) -> None:
    """Looks at what was made, by AWS's API and by a request."""
    arn = terraform.run(folder, "output", "-raw", "load_balancer_arn", env=env)
    [balancer] = client("elbv2").describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
    same("scheme", balancer["Scheme"], "internal")
    same("length of the name", len(balancer["LoadBalancerName"]) <= 32, True)
    same("url", terraform.run(folder, "output", "-raw", "url", env=env), f"http://{balancer['DNSName']}")
    group = terraform.run(folder, "output", "-raw", "security_group_id", env=env)
    [made] = client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    networks = [network["CidrIp"] for rule in made["IpPermissions"] for network in rule["IpRanges"]]
    networks += [network["CidrIpv6"] for rule in made["IpPermissions"] for network in rule.get("Ipv6Ranges", [])]
    same("who may reach it", sorted(networks), ["10.0.0.0/8", "fd00::/8"])
    with urllib.request.urlopen(f"{url}/_alb/{balancer['LoadBalancerName']}/any/path", timeout=60) as answer:
        same("GET /any/path", (answer.status, answer.read().decode()), (200, "own"))
    print(f"{balancer['LoadBalancerName']}: internal, its security group as said, and its program answers")


def pack(path) -> None:
    """Writes a zip with a program of a few lines, which the module does not tell from another one."""
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(entry, PROGRAM)
