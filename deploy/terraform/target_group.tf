resource "aws_lb_target_group" "this" {
  name                               = local.short_name
  target_type                        = "lambda"
  lambda_multi_value_headers_enabled = var.multi_value_headers
  tags                               = var.tags

  # Always there, so that a check which is no longer asked for is switched off. The provider warns of a protocol, which it has filled in
  # itself (its issue 35457).
  health_check {
    enabled             = var.health_check != null
    path                = try(var.health_check.path, "/")
    interval            = try(var.health_check.interval, 35)
    timeout             = try(var.health_check.timeout, 30)
    matcher             = try(var.health_check.matcher, "200")
    healthy_threshold   = try(var.health_check.healthy_threshold, 5)
    unhealthy_threshold = try(var.health_check.unhealthy_threshold, 2)
  }

  lifecycle {
    # A rule still forwards to the old one while the new one is made.
    create_before_destroy = true
  }
}

resource "aws_lambda_permission" "this" {
  statement_id  = "load-balancer"
  action        = "lambda:InvokeFunction"
  function_name = module.function.name
  qualifier     = module.function.alias
  principal     = "elasticloadbalancing.amazonaws.com"
  source_arn    = aws_lb_target_group.this.arn
}

resource "aws_lb_target_group_attachment" "this" {
  target_group_arn = aws_lb_target_group.this.arn
  target_id        = module.function.alias_arn

  # Elastic Load Balancing refuses a function that it may not call.
  depends_on = [aws_lambda_permission.this]
}
