# A change that gets one call in ten before it gets all.
#
#   1. terraform apply -var stable_version=$(terraform output -raw version)   while `package` is still the old zip: nothing changes
#   2. build the new zip, and the same again with that number: the new version gets a tenth of the calls
#   3. all is well: terraform apply                               without the number, and the new version gets all
#      it is not:   terraform apply -var stable_version=… -var share=0

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

variable "stable_version" {
  description = "The version that keeps the other calls; without one, the newest gets all."
  type        = string
  default     = null
}

variable "share" {
  description = "Which part of the calls the newest version gets."
  type        = number
  default     = 0.1
}

module "app" {
  source = "../.."

  name         = "hello"
  package      = var.package
  listener_arn = var.listener_arn
  canary       = var.stable_version == null ? null : { stable_version = var.stable_version, share = var.share }
  alarms       = {}

  rules = {
    all = { priority = 100, paths = ["/*"] }
  }
}

output "url" {
  description = "Where the program answers."
  value       = module.app.url
}

output "version" {
  description = "The newest version."
  value       = module.app.version
}
