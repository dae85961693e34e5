# Names. No account and no network: the provider is a mock.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name         = "posts"
  package      = "versions.tf"
  listener_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shared/0123456789abcdef/fedcba9876543210"
  rules        = { all = { priority = 100, paths = ["/*"] } }
}

run "a_short_name_is_kept" {
  variables {
    name = "my_posts"
  }

  assert {
    condition     = aws_lb_target_group.this.name == "my-posts"
    error_message = "The target group is named ${aws_lb_target_group.this.name}."
  }

  assert {
    condition     = module.function.name == "my_posts" && module.function.log_group == "/aws/lambda/my_posts"
    error_message = "Function and log group keep the underscore."
  }
}

run "the_longest_name_that_is_kept" {
  command = plan

  variables {
    name = "a234567890123456789012345678901b"
  }

  assert {
    condition     = aws_lb_target_group.this.name == "a234567890123456789012345678901b"
    error_message = "32 characters fit: ${aws_lb_target_group.this.name}."
  }
}

run "a_longer_name_is_cut_and_told_apart" {
  command = plan

  variables {
    name = "a2345678901234567890-234567890123456789012345678901234-6"
  }

  assert {
    condition     = can(regex("^fn-a2345678901234567890-2-[0-9a-f]{6}$", aws_lb_target_group.this.name)) && length(aws_lb_target_group.this.name) == 32
    error_message = "The target group is named ${aws_lb_target_group.this.name}."
  }
}

run "a_hyphen_at_the_end_is_no_name_of_a_target_group" {
  command = plan

  variables {
    name = "posts_"
  }

  assert {
    condition     = can(regex("^fn-posts-[0-9a-f]{6}$", aws_lb_target_group.this.name))
    error_message = "The target group is named ${aws_lb_target_group.this.name}."
  }
}

run "internal_is_no_name_of_a_load_balancer" {
  command = plan

  variables {
    name = "internal-posts"
  }

  assert {
    condition     = can(regex("^fn-internal-posts-[0-9a-f]{6}$", aws_lb_target_group.this.name))
    error_message = "The target group is named ${aws_lb_target_group.this.name}."
  }
}
