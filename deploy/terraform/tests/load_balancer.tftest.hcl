# A load balancer of the function's own.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name    = "posts"
  package = "versions.tf"
  rules   = { all = { priority = 100, paths = ["/*"] } }
  load_balancer = {
    vpc_id     = "vpc-1"
    subnets    = ["subnet-1", "subnet-2"]
    allow_from = ["10.0.0.0/8"]
  }
}

run "internal_over_http" {
  assert {
    condition     = aws_lb.this[0].internal && aws_lb.this[0].name == "posts" && aws_lb.this[0].enable_deletion_protection && aws_lb.this[0].drop_invalid_header_fields
    error_message = "The load balancer is internal and protected."
  }

  assert {
    condition     = length(aws_lb_listener.http) == 1 && length(aws_lb_listener.https) == 0 && length(aws_lb_listener.redirect) == 0
    error_message = "Without a certificate it listens on port 80 only."
  }

  assert {
    condition     = { for key, rule in aws_vpc_security_group_ingress_rule.this : key => "${rule.cidr_ipv4} ${rule.from_port} ${rule.to_port}" } == { "10.0.0.0/8:80" = "10.0.0.0/8 80 80" }
    error_message = "The networks named reach port 80."
  }

  assert {
    condition     = length(aws_vpc_security_group_egress_rule.login) == 0 && length(aws_route53_record.this) == 0
    error_message = "It calls nobody and has no name of its own."
  }

  assert {
    condition     = output.url == "http://internal-posts-1.eu-west-1.elb.amazonaws.com"
    error_message = "The URL is ${output.url}."
  }
}

run "https_with_a_name_and_a_login" {
  variables {
    load_balancer = {
      vpc_id      = "vpc-1"
      subnets     = ["subnet-1", "subnet-2"]
      internal    = false
      allow_from  = ["0.0.0.0/0", "::/0", "::/0"]
      certificate = { arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1" }
      dns         = { zone_id = "Z1", name = "posts.example.com" }
    }
    login_oidc = {
      issuer                 = "https://login.example.com"
      authorization_endpoint = "https://login.example.com/authorize"
      token_endpoint         = "https://login.example.com/token"
      user_info_endpoint     = "https://login.example.com/userinfo"
      client_id              = "posts"
    }
    login_client_secret = "secret"
    rules = {
      health = { priority = 10, paths = ["/internal/health"], login = false }
      all    = { priority = 100, paths = ["/*"] }
    }
  }

  assert {
    condition     = length(aws_lb_listener.https) == 1 && length(aws_lb_listener.redirect) == 1 && length(aws_lb_listener.http) == 0
    error_message = "With a certificate, port 80 only sends to HTTPS."
  }

  assert {
    condition     = aws_lb_listener.redirect[0].default_action[0].redirect[0].status_code == "HTTP_301" && aws_lb_listener.https[0].default_action[0].type == "fixed-response"
    error_message = "What no rule fits is a 404, and HTTP is redirected."
  }

  assert {
    condition     = sort(keys(aws_vpc_security_group_ingress_rule.this)) == tolist(["0.0.0.0/0:443", "0.0.0.0/0:80", "::/0:443", "::/0:80"])
    error_message = "Both networks reach both ports: ${join(", ", keys(aws_vpc_security_group_ingress_rule.this))}."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.this["::/0:443"].cidr_ipv6 == "::/0" && aws_vpc_security_group_ingress_rule.this["::/0:443"].cidr_ipv4 == null
    error_message = "A network of IPv6 is one."
  }

  assert {
    condition     = length(aws_vpc_security_group_egress_rule.login) == 1
    error_message = "A login makes the load balancer call its provider."
  }

  assert {
    condition     = [for action in aws_lb_listener_rule.this["all"].action : action.type] == ["authenticate-oidc", "forward"]
    error_message = "People log in before they reach the function."
  }

  assert {
    condition     = [for action in aws_lb_listener_rule.this["health"].action : action.type] == ["forward"]
    error_message = "A rule can do without the login."
  }

  assert {
    condition     = output.url == "https://posts.example.com"
    error_message = "The URL is ${output.url}."
  }
}

run "a_login_by_cognito_and_security_groups_of_ones_own" {
  variables {
    load_balancer = {
      vpc_id          = "vpc-1"
      subnets         = ["subnet-1", "subnet-2"]
      security_groups = ["sg-1"]
      certificate     = { arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1" }
    }
    login_cognito = {
      user_pool_arn       = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a"
      user_pool_client_id = "posts"
      user_pool_domain    = "posts"
      on_unauthenticated  = "deny"
    }
  }

  assert {
    condition     = [for action in aws_lb_listener_rule.this["all"].action : action.type] == ["authenticate-cognito", "forward"]
    error_message = "People log in before they reach the function."
  }

  assert {
    condition     = aws_lb_listener_rule.this["all"].action[0].authenticate_cognito[0].on_unauthenticated_request == "deny"
    error_message = "Who is not logged in can be refused."
  }

  assert {
    condition     = length(aws_security_group.this) + length(aws_vpc_security_group_ingress_rule.this) + length(aws_vpc_security_group_egress_rule.login) == 0 && tolist(aws_lb.this[0].security_groups) == tolist(["sg-1"])
    error_message = "Security groups of one's own are taken as they are."
  }
}
