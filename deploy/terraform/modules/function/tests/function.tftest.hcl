# The function itself: where its program comes from, which version is called, what is kept.

mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name = "posts"
}

run "a_zip" {
  variables {
    package = "versions.tf"
    alarms  = { duration = 0.5 }
    timeout = 20
  }

  assert {
    condition = (
      aws_lambda_function.this.runtime == "provided.al2023" && aws_lambda_function.this.handler == "bootstrap"
      && aws_lambda_function.this.package_type == "Zip" && aws_lambda_function.this.publish
    )
    error_message = "A zip is a bootstrap on provided.al2023, and each change a version."
  }

  assert {
    condition     = aws_lambda_function.this.source_code_hash == filebase64sha256("versions.tf")
    error_message = "A new zip is noticed by its hash."
  }

  assert {
    condition     = aws_lambda_alias.this.function_version == "7" && length(aws_lambda_alias.this.routing_config) == 0
    error_message = "The alias is at the newest version."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.retention_in_days == 30 && aws_lambda_function.this.logging_config[0].log_format == "JSON"
    error_message = "Logs are JSON and kept for 30 days."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.duration[0].threshold == 10000 && aws_cloudwatch_metric_alarm.errors[0].dimensions["Resource"] == "posts:live"
    error_message = "Alarms are of the alias, and duration is a part of the timeout in milliseconds."
  }
}

run "a_zip_in_a_bucket_and_a_canary" {
  variables {
    package_s3              = { bucket = "programs", key = "posts.zip", version = "v1" }
    source_code_hash        = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    architecture            = "arm64"
    canary                  = { stable_version = "6", share = 0.1 }
    provisioned_concurrency = 1
    reserved_concurrency    = 0
    log_format              = "Text"
  }

  assert {
    condition     = aws_lambda_function.this.s3_key == "posts.zip" && aws_lambda_function.this.s3_object_version == "v1" && aws_lambda_function.this.source_code_hash == var.source_code_hash
    error_message = "The zip is taken from the bucket."
  }

  assert {
    condition     = aws_lambda_alias.this.function_version == "6" && aws_lambda_alias.this.routing_config[0].additional_version_weights == tomap({ "7" = 0.1 })
    error_message = "The newest version gets its share."
  }

  assert {
    condition     = aws_lambda_provisioned_concurrency_config.this[0].qualifier == "live" && aws_lambda_function.this.reserved_concurrent_executions == 0
    error_message = "Environments are kept under the alias, and 0 is a number."
  }

  assert {
    condition     = aws_lambda_function.this.logging_config[0].application_log_level == null
    error_message = "Lambda filters by level only what is JSON."
  }
}

run "an_image_and_a_canary_before_its_change" {
  variables {
    image_uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/posts@sha256:47de"
    canary    = { stable_version = "7", share = 0.1 }
  }

  assert {
    condition     = aws_lambda_function.this.package_type == "Image" && aws_lambda_function.this.runtime == null && aws_lambda_function.this.handler == null
    error_message = "An image brings its own runtime."
  }

  assert {
    condition     = length(coalesce(aws_lambda_alias.this.routing_config[0].additional_version_weights, {})) == 0
    error_message = "An alias does not name one version twice."
  }
}

run "a_canary_that_gets_nothing" {
  command = plan

  variables {
    package = "versions.tf"
    canary  = { stable_version = "6", share = 0 }
  }

  assert {
    condition     = aws_lambda_alias.this.function_version == "6" && length(aws_lambda_alias.this.routing_config) == 0
    error_message = "All calls go to the stable version."
  }
}
