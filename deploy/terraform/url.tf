# Where people reach the program: the name made for it, else the first plain host of the rules, else the load balancer's own name.

data "aws_lb_listener" "given" {
  count = local.makes_load_balancer ? 0 : 1
  arn   = var.listener_arn
}

data "aws_lb" "given" {
  count = local.makes_load_balancer ? 0 : 1
  arn   = data.aws_lb_listener.given[0].load_balancer_arn
}

locals {
  protocol    = local.makes_load_balancer ? (local.speaks_https ? "HTTPS" : "HTTP") : data.aws_lb_listener.given[0].protocol
  port        = local.makes_load_balancer ? (local.speaks_https ? 443 : 80) : data.aws_lb_listener.given[0].port
  dns_name    = local.makes_load_balancer ? aws_lb.this[0].dns_name : data.aws_lb.given[0].dns_name
  plain_hosts = [for host in flatten([for rule in values(var.rules) : rule.hosts]) : host if !can(regex("[*?]", host))]
  names       = concat(aws_route53_record.this[*].fqdn, local.plain_hosts, [local.dns_name])

  usual_port = local.protocol == "HTTPS" ? 443 : 80
  url        = "${lower(local.protocol)}://${local.names[0]}${local.port == local.usual_port ? "" : ":${local.port}"}"
}
