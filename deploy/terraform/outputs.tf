output "url" {
  description = "Where the program answers, without a path."
  value       = local.url
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
  description = "ARN of the alias, which the load balancer calls."
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

output "target_group_arn" {
  description = "ARN of the target group, for rules that are made elsewhere."
  value       = aws_lb_target_group.this.arn
}

output "listener_arn" {
  description = "ARN of the listener that has the rules."
  value       = local.listener_arn
}

output "rule_arns" {
  description = "ARNs of the rules, under the names that `rules` gave them."
  value       = { for name, rule in aws_lb_listener_rule.this : name => rule.arn }
}

output "load_balancer_arn" {
  description = "ARN of the load balancer that the module made; null for an existing listener."
  value       = try(aws_lb.this[0].arn, null)
}

output "dns_name" {
  description = "The load balancer's own name."
  value       = local.dns_name
}

output "security_group_id" {
  description = "The security group that the module made for the load balancer; null otherwise."
  value       = try(aws_security_group.this[0].id, null)
}
