# A table, a load balancer of its own, a login before all but the health check, alarms by mail.

resource "aws_dynamodb_table" "posts" {
  name         = "posts"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "N"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true
  }
}

# Not encrypted: alarms cannot be sent to a topic that is under AWS's own key, alias/aws/sns. One under a key of your own takes them if the
# key's policy lets cloudwatch.amazonaws.com do kms:Decrypt and kms:GenerateDataKey*.
resource "aws_sns_topic" "alarms" {
  name = "posts-alarms"
}

resource "aws_sns_topic_subscription" "mail" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

resource "aws_secretsmanager_secret" "app" {
  name = "posts/app"
}

module "posts" {
  source = "../.."

  name         = "posts"
  description  = "Posts, kept in DynamoDB"
  package      = var.package
  architecture = "arm64"
  memory       = 512

  environment = {
    POSTS_TABLE = aws_dynamodb_table.posts.name
  }

  dynamodb = {
    posts = { arn = aws_dynamodb_table.posts.arn, scan = true }
  }

  secrets = {
    app = { arn = aws_secretsmanager_secret.app.arn }
  }

  load_balancer = {
    vpc_id      = var.vpc_id
    subnets     = var.subnets
    allow_from  = var.networks
    certificate = { arn = var.certificate_arn }
    dns         = { zone_id = var.zone_id, name = var.host }
  }

  rules = {
    health = { priority = 10, paths = ["/internal/health"], login = false }
    all    = { priority = 100, hosts = [var.host] }
  }

  health_check = { path = "/internal/health" }

  login_oidc = {
    issuer                 = "https://login.example.com"
    authorization_endpoint = "https://login.example.com/authorize"
    token_endpoint         = "https://login.example.com/token"
    user_info_endpoint     = "https://login.example.com/userinfo"
    client_id              = var.client_id
  }

  login_client_secret = var.client_secret

  tracing            = "Active"
  log_retention_days = 90
  alarms             = { actions = [aws_sns_topic.alarms.arn] }

  tags = { service = "posts" }
}
