output "name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "arn" {
  description = "ARN of the function."
  value       = aws_lambda_function.this.arn
}

output "version" {
  description = "Number of the newest version, for `canary`."
  value       = aws_lambda_function.this.version
}

output "alias" {
  description = "Name of the alias."
  value       = aws_lambda_alias.this.name
}

output "alias_arn" {
  description = "ARN of the alias, which is what is to be called."
  value       = aws_lambda_alias.this.arn
}

output "invoke_arn" {
  description = "The alias as API Gateway names it."
  value       = aws_lambda_alias.this.invoke_arn
}

output "role_arn" {
  description = "ARN of the function's role."
  value       = local.role_arn
}

output "role_name" {
  description = "Name of the role that the module made, to attach more to it; null for a role of your own."
  value       = try(aws_iam_role.this[0].name, null)
}

output "log_group" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}
