locals {
  dynamodb_read  = ["dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:Query"]
  dynamodb_write = ["dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]

  dynamodb_statements = flatten([for name, table in var.dynamodb : concat(
    [merge(
      {
        Effect = "Allow"
        Action = sort(concat(
          table.access == "write" ? [] : local.dynamodb_read,
          table.access == "read" ? [] : local.dynamodb_write,
          table.scan ? ["dynamodb:Scan"] : [],
        ))
        Resource = [table.arn]
      },
      local.leading_keys[name],
    )],
    # An index can only be read, and only so.
    table.indexes && table.access != "write" ? [merge(
      {
        Effect   = "Allow"
        Action   = concat(["dynamodb:Query"], table.scan ? ["dynamodb:Scan"] : [])
        Resource = ["${table.arn}/index/*"]
      },
      local.leading_keys[name],
    )] : [],
    table.kms_key_arn == null ? [] : [{
      Effect    = "Allow"
      Action    = ["kms:Decrypt"]
      Resource  = [table.kms_key_arn]
      Condition = local.kms_via["dynamodb"]
    }],
  )])

  # Under the name of the table in `dynamodb`: a condition, or nothing.
  leading_keys = { for name, table in var.dynamodb : name => {
    for key, condition in { Condition = { "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = table.leading_keys } } } :
    key => condition if length(table.leading_keys) > 0
  } }
}
