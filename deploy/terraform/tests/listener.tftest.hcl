# A listener that is there: what is made, and that the load balancer may call the alias before it is told of it.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name         = "posts"
  package      = "versions.tf"
  listener_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shared/0123456789abcdef/fedcba9876543210"
  alarms       = { actions = ["arn:aws:sns:eu-west-1:123456789012:alarms"] }
  rules = {
    # The fewest and the most values that a rule may have, the first and the last priority.
    all = { priority = 50000, paths = ["/*"] }
    few = { priority = 1, hosts = ["*.example.com", "posts.example.com"], methods = ["GET"], headers = { x-team = ["a"] }, queries = { beta = "1" } }
  }
}

run "what_is_made" {
  assert {
    condition     = aws_lb_target_group.this.lambda_multi_value_headers_enabled && aws_lb_target_group.this.target_type == "lambda"
    error_message = "The target group is a function's, with multi-value headers."
  }

  assert {
    condition     = !aws_lb_target_group.this.health_check[0].enabled
    error_message = "Health checks are off unless asked for."
  }

  assert {
    condition = (
      aws_lambda_permission.this.qualifier == "live"
      && aws_lambda_permission.this.source_arn == aws_lb_target_group.this.arn
      && aws_lambda_permission.this.principal == "elasticloadbalancing.amazonaws.com"
    )
    error_message = "The load balancer may call the alias, for this target group only."
  }

  assert {
    condition     = aws_lb_target_group_attachment.this.target_id == "arn:aws:lambda:eu-west-1:123456789012:function:posts:live"
    error_message = "The target is the alias: ${aws_lb_target_group_attachment.this.target_id}."
  }

  assert {
    condition     = { for name, rule in aws_lb_listener_rule.this : name => rule.priority } == { all = 50000, few = 1 }
    error_message = "The rules have the priorities that were given."
  }

  assert {
    condition     = alltrue([for rule in aws_lb_listener_rule.this : rule.listener_arn == var.listener_arn && length(rule.action) == 1 && rule.action[0].type == "forward"])
    error_message = "The rules forward, and are the given listener's."
  }

  assert {
    condition     = length(aws_lb_listener_rule.this["few"].condition) == 4 && length(aws_lb_listener_rule.this["all"].condition) == 1
    error_message = "Each kind of condition is one."
  }

  assert {
    condition     = output.url == "https://posts.example.com:8443"
    error_message = "The URL has the first host without a star and the listener's port: ${output.url}."
  }

  assert {
    condition     = length(aws_lb.this) + length(aws_lb_listener.https) + length(aws_lb_listener.http) + length(aws_lb_listener.redirect) + length(aws_security_group.this) == 0
    error_message = "Nothing is made beside the load balancer that is there."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.answers[0].dimensions == tomap({ LoadBalancer = "app/shared/0123456789abcdef", TargetGroup = "targetgroup/posts/0123456789abcdef" })
    error_message = "The alarms are of this load balancer and target group."
  }
}

run "what_can_be_chosen" {
  variables {
    multi_value_headers = false
    health_check        = { path = "/internal/health", interval = 35 }
    alarms              = null
    rules               = { all = { priority = 7, paths = ["/*"] } }
  }

  assert {
    condition     = !aws_lb_target_group.this.lambda_multi_value_headers_enabled
    error_message = "Multi-value headers can be switched off."
  }

  assert {
    condition     = aws_lb_target_group.this.health_check[0].enabled && aws_lb_target_group.this.health_check[0].path == "/internal/health"
    error_message = "A health check can be asked for."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.answers) + length(aws_cloudwatch_metric_alarm.broken) == 0
    error_message = "Without alarms there are none."
  }

  assert {
    condition     = output.url == "https://shared-1.eu-west-1.elb.amazonaws.com:8443"
    error_message = "Without a host the URL has the load balancer's name: ${output.url}."
  }
}
