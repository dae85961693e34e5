resource "aws_lb_listener_rule" "this" {
  listener_arn = var.listener_arn
  priority     = var.priority
  tags         = var.tags

  action {
    type = "jwt-validation"
    jwt_validation {
      issuer        = var.issuer
      jwks_endpoint = var.jwks_endpoint

      dynamic "additional_claim" {
        for_each = var.claims
        content {
          name   = additional_claim.key
          format = additional_claim.value.format
          values = additional_claim.value.values
        }
      }
    }
  }

  action {
    type             = "forward"
    target_group_arn = var.target_group_arn
  }

  condition {
    path_pattern {
      values = var.paths
    }
  }
}
