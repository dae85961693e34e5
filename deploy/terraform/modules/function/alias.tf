resource "aws_lambda_alias" "this" {
  name             = var.alias
  function_name    = aws_lambda_function.this.function_name
  function_version = var.canary == null ? aws_lambda_function.this.version : var.canary.stable_version

  dynamic "routing_config" {
    for_each = var.canary == null ? [] : var.canary.share == 0 ? [] : [var.canary]
    content {
      # Lambda refuses an alias that names one version twice, which it would before the code changes.
      additional_version_weights = (
        aws_lambda_function.this.version == routing_config.value.stable_version
        ? {}
        : { (aws_lambda_function.this.version) = routing_config.value.share }
      )
    }
  }
}

resource "aws_lambda_provisioned_concurrency_config" "this" {
  count = var.provisioned_concurrency > 0 ? 1 : 0

  function_name                     = aws_lambda_function.this.function_name
  qualifier                         = aws_lambda_alias.this.name
  provisioned_concurrent_executions = var.provisioned_concurrency
}
