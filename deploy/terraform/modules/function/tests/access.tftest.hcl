# What the function may do: each shorthand is the least that serves it.

mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name    = "posts"
  package = "versions.tf"
}

run "nothing_but_its_logs" {
  assert {
    condition = jsondecode(aws_iam_role_policy.own[0].policy).Statement == [
      { Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = ["arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/posts:*"] },
    ]
    error_message = "Its own policy is ${aws_iam_role_policy.own[0].policy}."
  }

  assert {
    condition     = jsondecode(aws_iam_role.this[0].assume_role_policy).Statement == [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
    error_message = "Only Lambda takes the role."
  }

  assert {
    condition     = length(aws_iam_role_policy.access) == 0
    error_message = "There is no policy without a statement."
  }
}

run "a_table" {
  variables {
    dynamodb = {
      a_reads  = { arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/a", access = "read", kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/1" }
      b_writes = { arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/b", access = "write" }
      c_both   = { arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/c", scan = true }
      d_own    = { arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/d", access = "read", indexes = false, leading_keys = ["ann"] }
    }
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.access[0].policy).Statement == [
      { Effect = "Allow", Action = ["dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:Query"], Resource = ["arn:aws:dynamodb:eu-west-1:123456789012:table/a"] },
      { Effect = "Allow", Action = ["dynamodb:Query"], Resource = ["arn:aws:dynamodb:eu-west-1:123456789012:table/a/index/*"] },
      { Effect = "Allow", Action = ["kms:Decrypt"], Resource = ["arn:aws:kms:eu-west-1:123456789012:key/1"], Condition = { StringLike = { "kms:ViaService" = ["dynamodb.*.amazonaws.com", "dynamodb.*.amazonaws.com.cn"] } } },
      { Effect = "Allow", Action = ["dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], Resource = ["arn:aws:dynamodb:eu-west-1:123456789012:table/b"] },
      {
        Effect = "Allow"
        Action = [
          "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:GetItem",
          "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem",
        ]
        Resource = ["arn:aws:dynamodb:eu-west-1:123456789012:table/c"]
      },
      { Effect = "Allow", Action = ["dynamodb:Query", "dynamodb:Scan"], Resource = ["arn:aws:dynamodb:eu-west-1:123456789012:table/c/index/*"] },
      {
        Effect    = "Allow"
        Action    = ["dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:Query"]
        Resource  = ["arn:aws:dynamodb:eu-west-1:123456789012:table/d"]
        Condition = { "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = ["ann"] } }
      },
    ]
    error_message = "The policy is ${aws_iam_role_policy.access[0].policy}."
  }
}

run "a_bucket_a_secret_a_parameter_and_a_statement" {
  variables {
    s3 = {
      a_reads  = { arn = "arn:aws:s3:::a" }
      b_writes = { arn = "arn:aws:s3:::b", access = "write", prefix = "in/", kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/1" }
      c_both   = { arn = "arn:aws:s3:::c", access = "read-write", prefix = "c/", list = true }
    }
    secrets = {
      app = { arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-1", kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/1" }
    }
    parameters = {
      one  = { arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/posts/one" }
      tree = { arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/tree", below = true }
    }
    policy_statements = {
      deny = { effect = "Deny", actions = ["s3:DeleteObject"], resources = ["*"], conditions = { Bool = { "aws:SecureTransport" = ["false"] } } }
    }
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.access[0].policy).Statement == [
      { Effect = "Allow", Action = ["s3:GetObject"], Resource = ["arn:aws:s3:::a/*"] },
      { Effect = "Allow", Action = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"], Resource = ["arn:aws:s3:::b/in/*"] },
      { Effect = "Allow", Action = ["kms:Decrypt", "kms:GenerateDataKey"], Resource = ["arn:aws:kms:eu-west-1:123456789012:key/1"], Condition = { StringLike = { "kms:ViaService" = ["s3.*.amazonaws.com", "s3.*.amazonaws.com.cn"] } } },
      { Effect = "Allow", Action = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"], Resource = ["arn:aws:s3:::c/c/*"] },
      { Effect = "Allow", Action = ["s3:ListBucket"], Resource = ["arn:aws:s3:::c"], Condition = { StringLike = { "s3:prefix" = ["c/*"] } } },
      { Effect = "Allow", Action = ["secretsmanager:GetSecretValue"], Resource = ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-1"] },
      { Effect = "Allow", Action = ["kms:Decrypt"], Resource = ["arn:aws:kms:eu-west-1:123456789012:key/1"], Condition = { StringLike = { "kms:ViaService" = ["secretsmanager.*.amazonaws.com", "secretsmanager.*.amazonaws.com.cn"] } } },
      { Effect = "Allow", Action = ["ssm:GetParameter", "ssm:GetParameters"], Resource = ["arn:aws:ssm:eu-west-1:123456789012:parameter/posts/one"] },
      { Effect = "Allow", Action = ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"], Resource = ["arn:aws:ssm:eu-west-1:123456789012:parameter/tree", "arn:aws:ssm:eu-west-1:123456789012:parameter/tree/*"] },
      { Effect = "Deny", Action = ["s3:DeleteObject"], Resource = ["*"], Condition = { Bool = { "aws:SecureTransport" = ["false"] } } },
    ]
    error_message = "The policy is ${aws_iam_role_policy.access[0].policy}."
  }
}

run "policies_by_document_and_by_arn_a_vpc_and_traces" {
  variables {
    policy_json = { mail = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"ses:SendEmail\",\"Resource\":\"*\"}]}" }
    policy_arns = { insights = "arn:aws:iam::aws:policy/CloudWatchLambdaInsightsExecutionRolePolicy" }
    vpc         = { subnets = ["subnet-1"], security_groups = ["sg-1"] }
    tracing     = "Active"
  }

  assert {
    condition     = aws_iam_role_policy.json["mail"].policy == var.policy_json.mail && aws_iam_role_policy_attachment.this["insights"].policy_arn == var.policy_arns.insights
    error_message = "Documents and ARNs are attached as they are."
  }

  assert {
    condition = flatten([for statement in jsondecode(aws_iam_role_policy.own[0].policy).Statement : statement.Action]) == [
      "logs:CreateLogStream", "logs:PutLogEvents",
      "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
      "xray:PutTelemetryRecords", "xray:PutTraceSegments",
    ]
    error_message = "Its own policy is ${aws_iam_role_policy.own[0].policy}."
  }
}

run "a_role_of_ones_own" {
  variables {
    role = { arn = "arn:aws:iam::123456789012:role/own" }
  }

  assert {
    condition     = aws_lambda_function.this.role == "arn:aws:iam::123456789012:role/own" && length(aws_iam_role.this) + length(aws_iam_role_policy.own) == 0
    error_message = "No role is made beside the one given."
  }
}
