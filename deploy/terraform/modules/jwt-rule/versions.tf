terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The first whose rules know the action jwt-validation.
      version = ">= 6.23"
    }
  }
}
