resource "aws_lb_listener_rule" "this" {
  for_each = var.rules

  listener_arn = local.listener_arn
  priority     = each.value.priority
  tags         = merge(var.tags, { Name = "${var.name}-${each.key}" })

  dynamic "action" {
    for_each = each.value.login && var.login_oidc != null ? [var.login_oidc] : []
    content {
      type = "authenticate-oidc"
      authenticate_oidc {
        issuer                     = action.value.issuer
        authorization_endpoint     = action.value.authorization_endpoint
        token_endpoint             = action.value.token_endpoint
        user_info_endpoint         = action.value.user_info_endpoint
        client_id                  = action.value.client_id
        client_secret              = var.login_client_secret
        scope                      = action.value.scope
        session_timeout            = action.value.session_seconds
        on_unauthenticated_request = action.value.on_unauthenticated
      }
    }
  }

  dynamic "action" {
    for_each = each.value.login && var.login_cognito != null ? [var.login_cognito] : []
    content {
      type = "authenticate-cognito"
      authenticate_cognito {
        user_pool_arn              = action.value.user_pool_arn
        user_pool_client_id        = action.value.user_pool_client_id
        user_pool_domain           = action.value.user_pool_domain
        scope                      = action.value.scope
        session_timeout            = action.value.session_seconds
        on_unauthenticated_request = action.value.on_unauthenticated
      }
    }
  }

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }

  dynamic "condition" {
    for_each = length(each.value.paths) > 0 ? [each.value.paths] : []
    content {
      path_pattern {
        values = condition.value
      }
    }
  }

  dynamic "condition" {
    for_each = length(each.value.hosts) > 0 ? [each.value.hosts] : []
    content {
      host_header {
        values = condition.value
      }
    }
  }

  dynamic "condition" {
    for_each = length(each.value.methods) > 0 ? [each.value.methods] : []
    content {
      http_request_method {
        values = condition.value
      }
    }
  }

  dynamic "condition" {
    for_each = each.value.headers
    content {
      http_header {
        http_header_name = condition.key
        values           = condition.value
      }
    }
  }

  dynamic "condition" {
    for_each = each.value.queries
    content {
      query_string {
        key   = condition.key
        value = condition.value
      }
    }
  }

  dynamic "condition" {
    for_each = length(each.value.sources) > 0 ? [each.value.sources] : []
    content {
      source_ip {
        values = condition.value
      }
    }
  }

  # A rule that answers before its target is there answers 503.
  depends_on = [aws_lb_target_group_attachment.this]
}
