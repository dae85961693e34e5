# The first value of each variable that is wrong, as many as fit into one plan; and the last that are right.

mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name = "posts"
}

run "the_lowest_values" {
  command = plan

  variables {
    name                 = "a"
    package              = "versions.tf"
    memory               = 128
    timeout              = 1
    log_retention_days   = 0
    reserved_concurrency = 0
    environment          = { AB = "" }
    alarms               = { duration = 0.01 }
  }
}

run "below_the_lowest" {
  command = plan

  variables {
    name                    = ""
    memory                  = 127
    timeout                 = 0
    log_retention_days      = -1
    reserved_concurrency    = -1
    provisioned_concurrency = -1
    environment             = { A = "" }
    alarms                  = { errors = 0 }
    architecture            = "x86"
    alias                   = ""
    canary                  = { stable_version = "0", share = 0 }
    tracing                 = "active"
    log_format              = "json"
    log_level               = "info"
    kms_key_arn             = "alias/posts"
    log_kms_key_arn         = "alias/posts"
    tags                    = { "aws:name" = "" }
    vpc                     = { subnets = [], security_groups = ["sg-1"] }
    source_code_hash        = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    permissions_boundary    = "boundary"
    policy_statements       = { one = { actions = [], resources = ["*"] } }
    policy_json             = { one = "[]" }
    policy_arns             = { one = "ReadOnlyAccess" }
    dynamodb                = { one = { arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/a", access = "all" } }
    s3                      = { one = { arn = "arn:aws:s3:::a/b" } }
    secrets                 = { one = { arn = "app" } }
    parameters              = { one = { arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/posts/*" } }
  }

  expect_failures = [
    var.name, var.package, var.memory, var.timeout, var.log_retention_days, var.reserved_concurrency, var.provisioned_concurrency, var.environment,
    var.alarms, var.architecture, var.alias, var.canary, var.tracing, var.log_format, var.log_level, var.kms_key_arn, var.log_kms_key_arn, var.tags,
    var.vpc, var.source_code_hash, var.permissions_boundary, var.policy_statements, var.policy_json, var.policy_arns, var.dynamodb, var.s3,
    var.secrets, var.parameters,
  ]
}

run "the_highest_values" {
  command = plan

  variables {
    name               = "a2345678901234567890123456789012345678901234567890123456"
    package            = "versions.tf"
    memory             = 10240
    timeout            = 900
    log_retention_days = 3653
    alarms             = { duration = 1 }
    canary             = { stable_version = "1", share = 1 }
  }
}

run "above_the_highest" {
  command = plan

  variables {
    name              = "a23456789012345678901234567890123456789012345678901234567"
    package           = "versions.tf"
    memory            = 10241
    timeout           = 901
    alarms            = { duration = 1.1 }
    canary            = { stable_version = "1", share = 1.1 }
    alias             = "7"
    environment       = { AWS_REGION = "eu-west-1" }
    policy_statements = { one = { actions = ["*"], resources = ["*"], effect = "allow" } }
    dynamodb          = { one = { arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/a", access = "write", scan = true } }
    s3                = { one = { arn = "arn:aws:s3:::a", prefix = "/in" } }
  }

  expect_failures = [
    var.name, var.memory, var.timeout, var.alarms, var.canary, var.alias, var.environment, var.policy_statements, var.dynamodb, var.s3,
  ]
}

run "two_programs_and_permissions_for_a_role_that_has_its_own" {
  command = plan

  variables {
    package    = "versions.tf"
    package_s3 = { bucket = "programs", key = "posts.zip" }
    secrets    = { app = { arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-1" } }
    role       = { arn = "arn:aws:iam::123456789012:role/own" }
  }

  expect_failures = [var.package, var.role]
}

run "a_package_that_is_not_there" {
  command = plan

  variables {
    package = "nowhere.zip"
  }

  expect_failures = [aws_lambda_function.this]
}

run "half_a_megabyte_and_no_role" {
  command = plan

  variables {
    name        = "posts.api"
    package     = "versions.tf"
    memory      = 128.5
    description = join("", [for i in range(257) : "a"])
    role        = { arn = "own" }
  }

  expect_failures = [var.name, var.memory, var.description, var.role]
}

run "programs_without_a_key_or_a_tag_and_a_scan_of_some_keys" {
  command = plan

  variables {
    package_s3 = { bucket = "programs", key = "" }
    image_uri  = "posts:1"
    s3         = { one = { arn = "arn:aws:s3:::a", access = "list" } }
    dynamodb   = { one = { arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/a", scan = true, leading_keys = ["ann"] } }
  }

  expect_failures = [var.package_s3, var.image_uri, var.s3, var.dynamodb]
}

# One of each kind, and one wrong part in each.
run "stars_for_one_thing" {
  command = plan

  variables {
    package    = "versions.tf"
    dynamodb   = { one = { arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/*" } }
    s3         = { one = { arn = "arn:aws:s3:::post?" } }
    secrets    = { one = { arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:*" } }
    parameters = { one = { arn = "arn:aws:ssm:*:123456789012:parameter/posts" } }
  }

  expect_failures = [var.dynamodb, var.s3, var.secrets, var.parameters]
}

run "stars_for_a_key_and_a_prefix_of_names" {
  command = plan

  variables {
    package    = "versions.tf"
    dynamodb   = { one = { arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/a", kms_key_arn = "*" } }
    s3         = { one = { arn = "arn:aws:s3:::a", prefix = "tmp" } }
    secrets    = { one = { arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a", kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:alias/a" } }
    parameters = { one = { arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/a", kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/*" } }
  }

  expect_failures = [var.dynamodb, var.s3, var.secrets, var.parameters]
}

run "a_star_in_a_prefix" {
  command = plan

  variables {
    package = "versions.tf"
    s3      = { one = { arn = "arn:aws:s3:::a", prefix = "a*b/" } }
  }

  expect_failures = [var.s3]
}
