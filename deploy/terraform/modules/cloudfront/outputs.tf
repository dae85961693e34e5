output "url" {
  description = "Where people reach the program, without a path."
  value       = "https://${try(var.domain.names[0], aws_cloudfront_distribution.this.domain_name)}"
}

output "distribution_id" {
  description = "ID of the distribution."
  value       = aws_cloudfront_distribution.this.id
}

output "domain_name" {
  description = "CloudFront's own name of the distribution, for DNS records."
  value       = aws_cloudfront_distribution.this.domain_name
}
