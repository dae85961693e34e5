# Policies are written with jsonencode: a test reads them, where a mock would replace aws_iam_policy_document.

locals {
  own_statements = concat(
    [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${aws_cloudwatch_log_group.this.arn}:*"]
    }],
    var.vpc == null ? [] : [{
      Effect = "Allow"
      Action = [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
      ]
      # Lambda asks for them without naming an interface.
      Resource = ["*"]
    }],
    var.tracing == "PassThrough" ? [] : [{
      Effect = "Allow"
      Action = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
      # X-Ray knows no resources to restrict these to.
      Resource = ["*"]
    }],
  )

  # A key only by way of the service that needs it, in whatever region; in China the name ends in .cn.
  kms_via = { for service in ["dynamodb", "s3", "secretsmanager", "ssm"] : service => {
    StringLike = { "kms:ViaService" = ["${service}.*.amazonaws.com", "${service}.*.amazonaws.com.cn"] }
  } }

  # From what is known when Terraform plans, even where ARNs are not.
  has_access = length(var.dynamodb) + length(var.s3) + length(var.secrets) + length(var.parameters) + length(var.policy_statements) > 0

  access_statements = concat(
    local.dynamodb_statements,
    local.s3_statements,
    local.secrets_statements,
    local.parameters_statements,
    [for statement in values(var.policy_statements) : merge(
      {
        Effect   = statement.effect
        Action   = statement.actions
        Resource = statement.resources
      },
      { for key, conditions in { Condition = statement.conditions } : key => conditions if length(conditions) > 0 },
    )],
  )
}
