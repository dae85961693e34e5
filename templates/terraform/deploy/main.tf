# {{ project_name }} behind a listener of an Application Load Balancer that is there already. For one of its own give the module
# `load_balancer` in place of `listener_arn`.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

provider "aws" {
  region = var.region
}

variable "region" {
  description = "Where all of it is."
  type        = string
}

variable "listener_arn" {
  description = "The listener that sends requests to the function."
  type        = string
}

variable "package" {
  description = "What `carafe-alb zip` has made."
  type        = string
  default     = "../target/release/{{ project_name }}.zip"
}
{%- if admin %}

# These two become environment variables of the function, so they are readable in its console and in Terraform's state. That will do while
# both are open only to you. To leave it: put them into Secrets Manager, give the module `secrets = { admin = { arn = … } }`, put the
# secret's ARN in place of these two into `environment`, and let `src/admin.rs` read them when the program starts, as the guide shows (docs/guide/deploying.md, "Secrets").
variable "admin_password" {
  description = "Password of the pages below /admin."
  type        = string
  sensitive   = true
}

variable "admin_secret" {
  description = "Key of the sessions: openssl rand -base64 32."
  type        = string
  sensitive   = true
}
{%- endif %}

module "function" {
  source = "./terraform"

  name         = "{{ project_name }}"
  package      = var.package
  architecture = "x86_64" # `carafe-alb zip` says which it is
  listener_arn = var.listener_arn

  # A priority that no other rule of the listener has.
  rules = {
    all = { priority = 100, paths = ["/*"] }
  }
{%- if environment %}

  environment = {
{%- if admin %}
    ADMIN_PASSWORD = var.admin_password
    ADMIN_SECRET   = var.admin_secret
{%- if dynamodb %}
    VISITS_TABLE   = aws_dynamodb_table.visits.name
{%- endif %}
{%- else %}
    VISITS_TABLE = aws_dynamodb_table.visits.name
{%- endif %}
  }
{%- endif %}
{%- if dynamodb %}

  # A program that lists a whole table needs `scan = true` beside the `arn`.
  dynamodb = {
    visits = { arn = aws_dynamodb_table.visits.arn }
  }
{%- endif %}
}
{%- if dynamodb %}

resource "aws_dynamodb_table" "visits" {
  name         = "{{ project_name }}-visits"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "page"

  attribute {
    name = "page"
    type = "S"
  }
}
{%- endif %}

output "url" {
  description = "Where it answers."
  value       = module.function.url
}
