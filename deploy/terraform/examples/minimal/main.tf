# A program on a listener that is there already.

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
  description = "The HTTPS listener of the load balancer."
  type        = string
}

variable "package" {
  description = "The zip with the program."
  type        = string
  default     = "app.zip"
}

module "app" {
  source = "../.."

  name         = "hello"
  package      = var.package
  listener_arn = var.listener_arn

  rules = {
    all = { priority = 100, paths = ["/*"] }
  }
}

output "url" {
  description = "Where the program answers."
  value       = module.app.url
}
