output "rule_arn" {
  description = "ARN of the rule."
  value       = aws_lb_listener_rule.this.arn
}
