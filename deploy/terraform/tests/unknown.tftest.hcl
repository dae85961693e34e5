# How many of each resource there are hangs on nothing that is unknown when Terraform plans.

mock_provider "aws" {
  source = "./tests/mocks"
}

run "what_is_made_beside_the_module" {
  module {
    source = "./tests/unknown"
  }

  # The mock would give something that is no ARN.
  override_resource {
    target = module.with_a_table.aws_apigatewayv2_api.this
    values = { execution_arn = "arn:aws:execute-api:eu-west-1:123456789012:a1", api_endpoint = "https://a1.execute-api.eu-west-1.amazonaws.com" }
  }

  assert {
    condition     = output.urls == ["https://posts.example.com", "https://api.example.com"]
    error_message = "Both have their names, and HTTPS: ${join(", ", output.urls)}."
  }

  assert {
    condition     = output.role_arn == "arn:aws:iam::123456789012:role/own"
    error_message = "The function has the role that was given: ${output.role_arn}."
  }
}
