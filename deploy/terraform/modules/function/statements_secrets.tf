locals {
  secrets_statements = flatten([for secret in values(var.secrets) : concat(
    [{
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = [secret.arn]
    }],
    secret.kms_key_arn == null ? [] : [{
      Effect    = "Allow"
      Action    = ["kms:Decrypt"]
      Resource  = [secret.kms_key_arn]
      Condition = local.kms_via["secretsmanager"]
    }],
  )])

  parameters_statements = flatten([for parameter in values(var.parameters) : concat(
    [{
      Effect   = "Allow"
      Action   = parameter.below ? ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"] : ["ssm:GetParameter", "ssm:GetParameters"]
      Resource = parameter.below ? [parameter.arn, "${parameter.arn}/*"] : [parameter.arn]
    }],
    parameter.kms_key_arn == null ? [] : [{
      Effect    = "Allow"
      Action    = ["kms:Decrypt"]
      Resource  = [parameter.kms_key_arn]
      Condition = local.kms_via["ssm"]
    }],
  )])
}
