locals {
  makes_role = var.role == null
  role_arn   = local.makes_role ? aws_iam_role.this[0].arn : var.role.arn
}

resource "aws_iam_role" "this" {
  count = local.makes_role ? 1 : 0

  # A prefix, since roles are global and the function's name is only its region's.
  name_prefix          = "${substr(var.name, 0, 37)}-"
  description          = "What the function ${var.name} may do"
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

# What every function needs: its logs, its interfaces in a VPC, its traces.
resource "aws_iam_role_policy" "own" {
  count = local.makes_role ? 1 : 0

  name   = "function"
  role   = aws_iam_role.this[0].name
  policy = jsonencode({ Version = "2012-10-17", Statement = local.own_statements })
}

# The shorthands and the statements given.
resource "aws_iam_role_policy" "access" {
  count = local.makes_role && local.has_access ? 1 : 0

  name   = "access"
  role   = aws_iam_role.this[0].name
  policy = jsonencode({ Version = "2012-10-17", Statement = local.access_statements })
}

resource "aws_iam_role_policy" "json" {
  for_each = local.makes_role ? var.policy_json : {}

  name   = each.key
  role   = aws_iam_role.this[0].name
  policy = each.value
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = local.makes_role ? var.policy_arns : {}

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}
