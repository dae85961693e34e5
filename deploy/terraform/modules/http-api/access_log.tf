locals {
  access_log_fields = {
    requestId = "$context.requestId"
    time      = "$context.requestTime"
    client    = "$context.identity.sourceIp"
    method    = "$context.httpMethod"
    path      = "$context.path"
    status    = "$context.status"
    bytes     = "$context.responseLength"
    ms        = "$context.responseLatency"
    error     = "$context.integrationErrorMessage"
  }
}

resource "aws_cloudwatch_log_group" "access" {
  count = var.access_log ? 1 : 0

  name              = "/aws/apigateway/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn
  tags              = var.tags
}
