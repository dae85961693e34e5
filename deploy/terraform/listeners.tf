locals {
  listener_arn = local.makes_load_balancer ? try(aws_lb_listener.https[0].arn, aws_lb_listener.http[0].arn) : var.listener_arn
}

resource "aws_lb_listener" "https" {
  count = local.speaks_https ? 1 : 0

  load_balancer_arn = aws_lb.this[0].arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = var.load_balancer.certificate.arn
  ssl_policy        = var.load_balancer.ssl_policy
  tags              = var.tags

  default_action {
    type = "fixed-response"
    fixed_response {
      status_code  = "404"
      content_type = "text/plain"
      message_body = "No rule fits this request."
    }
  }
}

resource "aws_lb_listener" "http" {
  count = local.makes_load_balancer && !local.speaks_https ? 1 : 0

  load_balancer_arn = aws_lb.this[0].arn
  port              = 80
  protocol          = "HTTP"
  tags              = var.tags

  default_action {
    type = "fixed-response"
    fixed_response {
      status_code  = "404"
      content_type = "text/plain"
      message_body = "No rule fits this request."
    }
  }
}

# Who types the name without https:// is sent there.
resource "aws_lb_listener" "redirect" {
  count = local.speaks_https ? 1 : 0

  load_balancer_arn = aws_lb.this[0].arn
  port              = 80
  protocol          = "HTTP"
  tags              = var.tags

  default_action {
    type = "redirect"
    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}
