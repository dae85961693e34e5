locals {
  # Of what is called through the alias, so that a try in the console wakes nobody.
  alarm_dimensions = {
    FunctionName = aws_lambda_function.this.function_name
    Resource     = "${aws_lambda_function.this.function_name}:${aws_lambda_alias.this.name}"
  }
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  count = var.alarms == null ? 0 : 1

  alarm_name          = "${var.name}-errors"
  alarm_description   = "Calls of ${var.name} end in an error or in none at all."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
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

resource "aws_cloudwatch_metric_alarm" "throttles" {
  count = var.alarms == null ? 0 : 1

  alarm_name          = "${var.name}-throttles"
  alarm_description   = "Calls of ${var.name} are turned away: too many at once."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = local.alarm_dimensions
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "duration" {
  count = var.alarms == null ? 0 : 1

  alarm_name          = "${var.name}-duration"
  alarm_description   = "The slowest calls of ${var.name} come near the timeout of ${var.timeout} s."
  namespace           = "AWS/Lambda"
  metric_name         = "Duration"
  dimensions          = local.alarm_dimensions
  extended_statistic  = "p99"
  period              = 300
  evaluation_periods  = 1
  threshold           = var.timeout * 1000 * var.alarms.duration
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.actions
  ok_actions          = var.alarms.actions
  tags                = var.tags
}
