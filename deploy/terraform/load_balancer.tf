# What a count asks is written with `?`: `try` gives nothing known where a part is known only after apply.
locals {
  makes_load_balancer = var.load_balancer != null
  speaks_https        = var.load_balancer == null ? false : var.load_balancer.certificate != null
  security_groups     = local.makes_security_group ? aws_security_group.this[*].id : try(var.load_balancer.security_groups, [])
}

resource "aws_lb" "this" {
  count = local.makes_load_balancer ? 1 : 0

  name                       = local.short_name
  load_balancer_type         = "application"
  internal                   = var.load_balancer.internal
  subnets                    = var.load_balancer.subnets
  security_groups            = local.security_groups
  idle_timeout               = var.load_balancer.idle_timeout
  enable_deletion_protection = var.load_balancer.deletion_protection
  drop_invalid_header_fields = true
  tags                       = var.tags

  dynamic "access_logs" {
    for_each = var.load_balancer.access_logs == null ? [] : [var.load_balancer.access_logs]
    content {
      enabled = true
      bucket  = access_logs.value.bucket
      prefix  = access_logs.value.prefix
    }
  }
}

resource "aws_route53_record" "this" {
  count = var.load_balancer == null ? 0 : var.load_balancer.dns == null ? 0 : 1

  zone_id = var.load_balancer.dns.zone_id
  name    = var.load_balancer.dns.name
  type    = "A"

  alias {
    name                   = aws_lb.this[0].dns_name
    zone_id                = aws_lb.this[0].zone_id
    evaluate_target_health = false
  }
}
