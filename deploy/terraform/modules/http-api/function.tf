module "function" {
  source = "../function"

  name             = var.name
  description      = var.description
  package          = var.package
  package_s3       = var.package_s3
  image_uri        = var.image_uri
  source_code_hash = var.source_code_hash
  architecture     = var.architecture
  memory           = var.memory
  timeout          = var.timeout
  environment      = var.environment
  vpc              = var.vpc
  kms_key_arn      = var.kms_key_arn
  tags             = var.tags

  role                 = var.role
  permissions_boundary = var.permissions_boundary
  policy_statements    = var.policy_statements
  policy_json          = var.policy_json
  policy_arns          = var.policy_arns
  dynamodb             = var.dynamodb
  s3                   = var.s3
  secrets              = var.secrets
  parameters           = var.parameters

  alias                   = var.alias
  canary                  = var.canary
  reserved_concurrency    = var.reserved_concurrency
  provisioned_concurrency = var.provisioned_concurrency
  tracing                 = var.tracing
  log_retention_days      = var.log_retention_days
  log_format              = var.log_format
  log_level               = var.log_level
  log_kms_key_arn         = var.log_kms_key_arn
  alarms                  = var.alarms
}
