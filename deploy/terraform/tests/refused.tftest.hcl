# The first value of each variable that is wrong, as many as fit into one plan. What a variable says of another one is not looked at where
# that one is wrong itself.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name    = "posts"
  package = "versions.tf"
}

run "neither_listener_nor_load_balancer_and_no_rule" {
  command = plan

  variables {
    rules               = {}
    health_check        = { path = "internal/health" }
    login_client_secret = ""
  }

  expect_failures = [var.listener_arn, var.rules, var.health_check, var.login_client_secret]
}

run "both_listener_and_load_balancer_and_a_priority_twice" {
  command = plan

  variables {
    listener_arn  = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shared/0123456789abcdef/fedcba9876543210"
    load_balancer = { vpc_id = "vpc-1", subnets = ["subnet-1", "subnet-2"], allow_from = ["10.0.0.0/8"] }
    rules         = { a = { priority = 1, paths = ["/a"] }, b = { priority = 1, paths = ["/b"] } }
    health_check  = { path = "/", interval = 34 }
    login_oidc = {
      issuer                 = "http://login.example.com"
      authorization_endpoint = "https://login.example.com/authorize"
      token_endpoint         = "https://login.example.com/token"
      user_info_endpoint     = "https://login.example.com/userinfo"
      client_id              = "posts"
    }
  }

  expect_failures = [var.listener_arn, var.rules, var.health_check, var.login_oidc]
}

run "a_listener_of_another_kind_and_a_rule_without_conditions" {
  command = plan

  variables {
    listener_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/net/shared/0123456789abcdef/fedcba9876543210"
    rules        = { all = { priority = 1 } }
    health_check = { path = "/", interval = 35, timeout = 35 }
  }

  expect_failures = [var.listener_arn, var.rules, var.health_check]
}

run "the_internet_without_https_and_priority_0" {
  command = plan

  variables {
    load_balancer = { vpc_id = "vpc-1", subnets = ["subnet-1", "subnet-2"], allow_from = ["0.0.0.0/0"], internal = false }
    rules         = { all = { priority = 0, paths = ["/*"] } }
  }

  expect_failures = [var.load_balancer, var.rules]
}

run "a_login_over_http" {
  command = plan

  variables {
    load_balancer = { vpc_id = "vpc-1", subnets = ["subnet-1", "subnet-2"], allow_from = ["10.0.0.0/8"] }
    rules         = { all = { priority = 1, paths = ["/*"] } }
    login_cognito = {
      user_pool_arn       = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a"
      user_pool_client_id = "posts"
      user_pool_domain    = "posts"
    }
  }

  expect_failures = [var.login_cognito]
}

run "nobody_may_reach_it_and_priority_50001" {
  command = plan

  variables {
    load_balancer = { vpc_id = "vpc-1", subnets = ["subnet-1", "subnet-2"] }
    rules         = { all = { priority = 50001, paths = ["/*"] } }
  }

  expect_failures = [var.load_balancer, var.rules]
}

run "no_network_and_six_conditions" {
  command = plan

  variables {
    load_balancer = { vpc_id = "vpc-1", subnets = ["subnet-1"], allow_from = ["everybody"] }
    rules         = { all = { priority = 1, paths = ["/a", "/b", "/c"], headers = { x-team = ["a", "b"] }, methods = ["GET"] } }
  }

  expect_failures = [var.load_balancer, var.rules]
}

run "a_path_without_a_slash" {
  command = plan

  variables {
    load_balancer = { vpc_id = "vpc-1", subnets = ["subnet-1", "subnet-2"], allow_from = ["10.0.0.0/8"], security_groups = ["sg-1"] }
    rules         = { all = { priority = 1, paths = ["posts"] } }
  }

  expect_failures = [var.load_balancer, var.rules]
}

run "a_certificate_without_its_arn" {
  command = plan

  variables {
    load_balancer = { vpc_id = "vpc-1", subnets = ["subnet-1", "subnet-2"], allow_from = ["10.0.0.0/8"], certificate = { arn = "posts.example.com" } }
    rules         = { all = { priority = 1, paths = ["/*"] } }
  }

  expect_failures = [var.load_balancer]
}
