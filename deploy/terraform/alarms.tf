# What the load balancer sees of the function, beside the function's own alarms.

locals {
  # arn:aws:elasticloadbalancing:REGION:ACCOUNT:listener/app/NAME/ID/ID, of which the metrics want app/NAME/ID.
  load_balancer_suffix = join("/", slice(split("/", local.listener_arn), 1, 4))

  alarm_dimensions = {
    LoadBalancer = local.load_balancer_suffix
    TargetGroup  = aws_lb_target_group.this.arn_suffix
  }
}

resource "aws_cloudwatch_metric_alarm" "answers" {
  count = var.alarms == null ? 0 : 1

  alarm_name          = "${var.name}-answers-5xx"
  alarm_description   = "${var.name} answers with errors of the server (500 to 599)."
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_Target_5XX_Count"
  dimensions          = local.alarm_dimensions
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = var.alarms.errors
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "broken" {
  count = var.alarms == null ? 0 : 1

  alarm_name          = "${var.name}-no-answer"
  alarm_description   = "The load balancer gets no answer from ${var.name} that it can send on: timeout, crash, over 1 MB."
  namespace           = "AWS/ApplicationELB"
  metric_name         = "LambdaUserError"
  dimensions          = local.alarm_dimensions
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = var.alarms.errors
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags
}
