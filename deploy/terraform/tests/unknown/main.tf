# The module as it is used in most configurations: certificate, role and zone are made beside it, and known only after they are.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }
}

# Its output is unknown when Terraform plans.
resource "terraform_data" "made" {
  for_each = {
    certificate = "arn:aws:acm:eu-west-1:123456789012:certificate/1"
    key         = "arn:aws:kms:eu-west-1:123456789012:key/1"
    role        = "arn:aws:iam::123456789012:role/own"
    subnet      = "subnet-1"
    table       = "arn:aws:dynamodb:eu-west-1:123456789012:table/posts"
    topic       = "arn:aws:sns:eu-west-1:123456789012:alarms"
    zone        = "Z1"
  }

  input = each.value
}

module "with_a_role" {
  source = "../.."

  name    = "posts"
  package = "${path.module}/main.tf"
  role    = { arn = terraform_data.made["role"].output }
  rules   = { all = { priority = 100, paths = ["/*"] } }
  alarms  = { actions = [terraform_data.made["topic"].output] }

  load_balancer = {
    vpc_id      = "vpc-1"
    subnets     = [terraform_data.made["subnet"].output, "subnet-2"]
    allow_from  = ["10.0.0.0/8"]
    certificate = { arn = terraform_data.made["certificate"].output }
    dns         = { zone_id = terraform_data.made["zone"].output, name = "posts.example.com" }
  }
}

module "with_a_table" {
  source = "../../modules/http-api"

  name            = "posts"
  package         = "${path.module}/main.tf"
  kms_key_arn     = terraform_data.made["key"].output
  log_kms_key_arn = terraform_data.made["key"].output
  policy_arns     = { own = replace(terraform_data.made["role"].output, ":role/", ":policy/") }

  dynamodb = {
    posts = { arn = terraform_data.made["table"].output, kms_key_arn = terraform_data.made["key"].output }
  }

  domain = {
    name            = "api.example.com"
    certificate_arn = terraform_data.made["certificate"].output
    dns             = { zone_id = terraform_data.made["zone"].output }
  }
}

output "urls" {
  description = "Where both answer."
  value       = [module.with_a_role.url, module.with_a_table.url]
}

output "role_arn" {
  description = "The role that was given."
  value       = module.with_a_role.role_arn
}
