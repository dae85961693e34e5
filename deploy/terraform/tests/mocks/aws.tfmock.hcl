# What AWS would say, in the form that the provider checks.

mock_resource "aws_lambda_function" {
  defaults = {
    arn           = "arn:aws:lambda:eu-west-1:123456789012:function:posts"
    qualified_arn = "arn:aws:lambda:eu-west-1:123456789012:function:posts:7"
    version       = "7"
  }
}

mock_resource "aws_lambda_alias" {
  defaults = {
    arn        = "arn:aws:lambda:eu-west-1:123456789012:function:posts:live"
    invoke_arn = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:posts:live/invocations"
  }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = {
    arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/posts"
  }
}

mock_resource "aws_iam_role" {
  defaults = {
    arn = "arn:aws:iam::123456789012:role/posts-1"
  }
}

mock_resource "aws_lb_target_group" {
  defaults = {
    arn        = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/posts/0123456789abcdef"
    arn_suffix = "targetgroup/posts/0123456789abcdef"
  }
}

mock_resource "aws_lb" {
  defaults = {
    arn      = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/posts/0123456789abcdef"
    dns_name = "internal-posts-1.eu-west-1.elb.amazonaws.com"
    zone_id  = "Z32O12XQLNTSW2"
  }
}

mock_resource "aws_lb_listener" {
  defaults = {
    arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/posts/0123456789abcdef/fedcba9876543210"
  }
}

mock_resource "aws_lb_listener_rule" {
  defaults = {
    arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/posts/0123456789abcdef/fedcba9876543210/1"
  }
}

mock_resource "aws_route53_record" {
  defaults = {
    fqdn = "posts.example.com"
  }
}

mock_data "aws_lb_listener" {
  defaults = {
    load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shared/0123456789abcdef"
    port              = 8443
    protocol          = "HTTPS"
  }
}

mock_data "aws_lb" {
  defaults = {
    dns_name = "shared-1.eu-west-1.elb.amazonaws.com"
  }
}
