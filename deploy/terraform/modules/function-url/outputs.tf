output "url" {
  description = "Where the program answers, without a path."
  value       = trimsuffix(aws_lambda_function_url.this.function_url, "/")
}

output "function_name" {
  description = "Name of the function."
  value       = module.function.name
}

output "function_arn" {
  description = "ARN of the function."
  value       = module.function.arn
}

output "version" {
  description = "Number of the newest version, for `canary`."
  value       = module.function.version
}

output "alias_arn" {
  description = "ARN of the alias, which is what is called."
  value       = module.function.alias_arn
}

output "role_arn" {
  description = "ARN of the function's role."
  value       = module.function.role_arn
}

output "role_name" {
  description = "Name of the role that the module made, to attach more to it; null for a role of your own."
  value       = module.function.role_name
}

output "log_group" {
  description = "Name of the log group."
  value       = module.function.log_group
}
