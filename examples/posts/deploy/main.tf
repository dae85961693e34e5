terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

variable "listener_arn" {
  description = "The listener of the load balancer."
  type        = string
}

resource "aws_dynamodb_table" "posts" {
  name         = "posts"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "N"
  }
}

module "posts" {
  source = "../../../deploy/terraform"

  name         = "posts"
  package      = "../posts.zip"
  listener_arn = var.listener_arn

  rules = {
    all = { priority = 100, paths = ["/*"] }
  }

  environment = { POSTS_TABLE = aws_dynamodb_table.posts.name }
  dynamodb    = { posts = { arn = aws_dynamodb_table.posts.arn, scan = true } }
}

output "url" {
  description = "Where the program answers."
  value       = module.posts.url
}
