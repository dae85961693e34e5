mock_provider "aws" {}

variables {
  name              = "posts"
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/posts/0123456789abcdef"
  origin_domain     = "posts.internal.example.com"
}

run "https_all_the_way_and_nothing_cached" {
  command = plan

  assert {
    condition     = aws_cloudfront_vpc_origin.this.vpc_origin_endpoint_config[0].origin_protocol_policy == "https-only"
    error_message = "CloudFront speaks HTTPS to the load balancer."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].cache_policy_id == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    error_message = "Nothing is cached unless asked for."
  }
}

run "refused" {
  command = plan

  variables {
    origin_domain   = "https://posts.internal.example.com"
    origin_protocol = "HTTPS"
    cache_policy_id = "CachingDisabled"
    web_acl_arn     = "arn:aws:wafv2:eu-west-1:123456789012:global/webacl/a/1"
    domain          = { names = ["posts.example.com"], certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1" }
  }

  expect_failures = [var.origin_domain, var.origin_protocol, var.cache_policy_id, var.web_acl_arn, var.domain]
}
