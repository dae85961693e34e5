mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name    = "posts"
  package = "versions.tf"
}

run "a_url_of_the_alias" {
  override_resource {
    target = aws_lambda_function_url.this
    values = { function_url = "https://a1.lambda-url.eu-west-1.on.aws/" }
  }

  assert {
    condition     = aws_lambda_function_url.this.qualifier == "live" && aws_lambda_function_url.this.authorization_type == "AWS_IAM"
    error_message = "The URL is the alias's, and asks for signed requests."
  }

  assert {
    condition     = output.url == "https://a1.lambda-url.eu-west-1.on.aws"
    error_message = "The URL is ${output.url}."
  }
}

run "refused" {
  command = plan

  variables {
    authorization = "none"
  }

  expect_failures = [var.authorization]
}
