locals {
  makes_security_group = var.load_balancer == null ? false : length(var.load_balancer.allow_from) > 0
  has_login            = var.login_oidc != null || var.login_cognito != null

  # One rule for each network and port: a rule is replaced alone. A network that is named twice is one.
  ingress = !local.makes_security_group ? {} : { for pair in setproduct(distinct(var.load_balancer.allow_from), local.speaks_https ? [80, 443] : [80]) :
    "${pair[0]}:${pair[1]}" => { network = pair[0], port = pair[1] }
  }
}

resource "aws_security_group" "this" {
  count = local.makes_security_group ? 1 : 0

  name_prefix = "${var.name}-load-balancer-"
  description = "Who reaches the load balancer of ${var.name}"
  vpc_id      = var.load_balancer.vpc_id
  tags        = var.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = local.ingress

  security_group_id = aws_security_group.this[0].id
  description       = "Clients"
  cidr_ipv4         = strcontains(each.value.network, ":") ? null : each.value.network
  cidr_ipv6         = strcontains(each.value.network, ":") ? each.value.network : null
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
  tags              = var.tags
}

# Functions are called without a connection of the load balancer's. Only a login makes it ask its provider.
resource "aws_vpc_security_group_egress_rule" "login" {
  count = local.makes_security_group && local.has_login ? 1 : 0

  security_group_id = aws_security_group.this[0].id
  description       = "The provider of the login"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  tags              = var.tags
}
