mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name    = "posts"
  package = "versions.tf"
  timeout = 60
  domain  = { name = "posts.example.com", certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1", dns = { zone_id = "Z1" } }
}

run "an_api_that_calls_the_alias" {
  override_resource {
    target = aws_apigatewayv2_api.this
    values = { execution_arn = "arn:aws:execute-api:eu-west-1:123456789012:a1", api_endpoint = "https://a1.execute-api.eu-west-1.amazonaws.com" }
  }

  assert {
    condition     = aws_lambda_permission.this.qualifier == "live" && aws_lambda_permission.this.source_arn == "arn:aws:execute-api:eu-west-1:123456789012:a1/*"
    error_message = "This API may call the alias, and no other."
  }

  assert {
    condition     = aws_apigatewayv2_integration.this.payload_format_version == "2.0" && aws_apigatewayv2_integration.this.timeout_milliseconds == 30000 && endswith(aws_apigatewayv2_integration.this.integration_uri, ":live/invocations")
    error_message = "It sends events of version 2.0 to the alias and waits for 30 seconds at most."
  }

  assert {
    condition     = output.url == "https://posts.example.com" && aws_apigatewayv2_api.this.disable_execute_api_endpoint
    error_message = "It answers under its name, and only there."
  }
}

run "refused" {
  command = plan

  variables {
    domain   = { name = "https://posts.example.com", certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1" }
    throttle = { rate = 0, burst = 1 }
  }

  expect_failures = [var.domain, var.throttle]
}
