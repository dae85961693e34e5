locals {
  from_zip = var.image_uri == null
  hash     = var.source_code_hash != null ? var.source_code_hash : try(filebase64sha256(var.package), null)
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  description   = var.description
  role          = local.role_arn
  architectures = [var.architecture]
  memory_size   = var.memory
  timeout       = var.timeout
  publish       = true
  kms_key_arn   = var.kms_key_arn
  tags          = var.tags

  package_type      = local.from_zip ? "Zip" : "Image"
  runtime           = local.from_zip ? "provided.al2023" : null
  handler           = local.from_zip ? "bootstrap" : null
  filename          = var.package
  s3_bucket         = try(var.package_s3.bucket, null)
  s3_key            = try(var.package_s3.key, null)
  s3_object_version = try(var.package_s3.version, null)
  image_uri         = var.image_uri
  source_code_hash  = local.hash

  reserved_concurrent_executions = var.reserved_concurrency == null ? -1 : var.reserved_concurrency

  logging_config {
    log_group             = aws_cloudwatch_log_group.this.name
    log_format            = var.log_format
    application_log_level = var.log_format == "JSON" ? var.log_level : null
  }

  tracing_config {
    mode = var.tracing
  }

  dynamic "environment" {
    for_each = length(var.environment) == 0 ? [] : [var.environment]
    content {
      variables = environment.value
    }
  }

  dynamic "vpc_config" {
    for_each = var.vpc == null ? [] : [var.vpc]
    content {
      subnet_ids         = vpc_config.value.subnets
      security_group_ids = vpc_config.value.security_groups
    }
  }

  lifecycle {
    # Not a validation of the variable: a configuration is valid before its program is built.
    precondition {
      condition     = var.package == null ? true : fileexists(var.package)
      error_message = "There is no file at the path in package: build the zip first, or give the path from where terraform runs."
    }
  }

  # A function that starts before it may do its work answers its first calls with errors.
  depends_on = [aws_iam_role_policy.own, aws_iam_role_policy.access, aws_iam_role_policy.json, aws_iam_role_policy_attachment.this]
}
