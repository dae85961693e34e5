# The same file in each module that makes a function: change it in modules/function and run tests/deploy/run --write.

variable "role" {
  description = "A role of your own by its `arn`, which may still be unknown when Terraform plans. It then brings all permissions. Without it the module makes one."
  type = object({
    arn = string
  })
  default = null

  validation {
    condition     = var.role == null ? true : can(regex("^arn:[^:]+:iam::[0-9]{12}:role/", var.role.arn))
    error_message = "role has the ARN of a role: { arn = \"arn:aws:iam::ACCOUNT:role/NAME\" }."
  }

  validation {
    condition = var.role == null ? true : alltrue([
      for given in [var.policy_statements, var.policy_json, var.policy_arns, var.dynamodb, var.s3, var.secrets, var.parameters] : length(given) == 0
    ])
    error_message = "A role of your own brings its permissions: leave out dynamodb, s3, secrets, parameters and the policies, or role."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the role which the module makes."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null ? true : can(regex("^arn:[^:]+:iam::([0-9]{12}|aws):policy/", var.permissions_boundary))
    error_message = "permissions_boundary is the ARN of a policy: arn:aws:iam::ACCOUNT:policy/NAME."
  }
}

variable "policy_statements" {
  description = "Permissions by statement, under names of your own: what may be done (`actions`) with what (`resources`), and `conditions` as IAM writes them, such as `{ StringEquals = { \"aws:ResourceTag/team\" = [\"posts\"] } }`."
  type = map(object({
    actions    = list(string)
    resources  = list(string)
    effect     = optional(string, "Allow")
    conditions = optional(map(map(list(string))), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for statement in values(var.policy_statements) : contains(["Allow", "Deny"], statement.effect)])
    error_message = "The effect of a statement is Allow or Deny."
  }

  validation {
    condition     = alltrue([for statement in values(var.policy_statements) : length(statement.actions) > 0 && length(statement.resources) > 0])
    error_message = "A statement has at least one action and one resource."
  }
}

variable "policy_json" {
  description = "Permissions by policy documents in JSON, under names of your own."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for document in values(var.policy_json) : can(jsondecode(document).Statement)])
    error_message = "A policy is JSON with a Statement: write it with jsonencode, or take the json of aws_iam_policy_document."
  }
}

variable "policy_arns" {
  description = "Permissions by managed policies, under names of your own (so that an ARN may still be unknown when Terraform plans)."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for arn in values(var.policy_arns) : can(regex("^arn:[^:]+:iam::([0-9]{12}|aws):policy/", arn))])
    error_message = "policy_arns has ARNs of policies: arn:aws:iam::ACCOUNT:policy/NAME."
  }
}

variable "dynamodb" {
  description = "Tables that the program uses. `access` is read (get and query), write (put, update and delete) or read-write; `scan` lets it read a whole table; `leading_keys` are the only partition keys it may touch; `kms_key_arn` is the table's key, if it has one of yours."
  type = map(object({
    arn          = string
    access       = optional(string, "read-write")
    scan         = optional(bool, false)
    indexes      = optional(bool, true)
    leading_keys = optional(list(string), [])
    kms_key_arn  = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for table in values(var.dynamodb) : contains(["read", "write", "read-write"], table.access)])
    error_message = "The access to a table is read, write or read-write."
  }

  validation {
    condition     = alltrue([for table in values(var.dynamodb) : !table.scan || table.access != "write"])
    error_message = "scan reads: give the table the access read or read-write."
  }

  validation {
    condition     = alltrue([for table in values(var.dynamodb) : !table.scan || length(table.leading_keys) == 0])
    error_message = "A scan reads all keys, whatever leading_keys says: give a table one of scan and leading_keys."
  }

  validation {
    condition     = alltrue([for table in values(var.dynamodb) : can(regex("^arn:[^:*?$]+:dynamodb:[^:*?$]*:[^:*?$]*:table/[^/*?$]+$", table.arn))])
    error_message = "arn is the ARN of one table, without a star: arn:aws:dynamodb:REGION:ACCOUNT:table/NAME."
  }

  validation {
    condition     = alltrue([for table in values(var.dynamodb) : table.kms_key_arn == null ? true : can(regex("^arn:[^:*?$]+:kms:[^:*?$]*:[^:*?$]*:key/[^*?$]+$", table.kms_key_arn))])
    error_message = "kms_key_arn is the ARN of one key, and not of an alias: arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "s3" {
  description = "Buckets that the program uses. `access` is read, write or read-write, below `prefix`; `list` lets it list them, and see that an object is missing (a 404 where it is a 403 otherwise); `kms_key_arn` is the bucket's key, if it has one of yours."
  type = map(object({
    arn         = string
    access      = optional(string, "read")
    prefix      = optional(string, "")
    list        = optional(bool, false)
    kms_key_arn = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for bucket in values(var.s3) : contains(["read", "write", "read-write"], bucket.access)])
    error_message = "The access to a bucket is read, write or read-write."
  }

  validation {
    condition     = alltrue([for bucket in values(var.s3) : can(regex("^arn:[^:*?$]+:s3:::[^/*?$]+$", bucket.arn))])
    error_message = "arn is the ARN of one bucket, without a star or a path: arn:aws:s3:::NAME. The path goes into prefix."
  }

  validation {
    condition     = alltrue([for bucket in values(var.s3) : bucket.prefix == "" || can(regex("^[^/*?$][^*?$]*/$", bucket.prefix))])
    error_message = "A prefix ends with a slash, as in tmp/: without it, tmp would be tmp-private/ too. It does not begin with one, as keys in S3 do not, and has no *, ? or $."
  }

  validation {
    condition     = alltrue([for bucket in values(var.s3) : bucket.kms_key_arn == null ? true : can(regex("^arn:[^:*?$]+:kms:[^:*?$]*:[^:*?$]*:key/[^*?$]+$", bucket.kms_key_arn))])
    error_message = "kms_key_arn is the ARN of one key, and not of an alias: arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "secrets" {
  description = "Secrets in Secrets Manager that the program reads; `kms_key_arn` is the secret's key, if it has one of yours."
  type = map(object({
    arn         = string
    kms_key_arn = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for secret in values(var.secrets) : can(regex("^arn:[^:*?$]+:secretsmanager:[^:*?$]*:[^:*?$]*:secret:[^*?$]+$", secret.arn))])
    error_message = "arn is the ARN of one secret, without a star: arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-123abc."
  }

  validation {
    condition     = alltrue([for secret in values(var.secrets) : secret.kms_key_arn == null ? true : can(regex("^arn:[^:*?$]+:kms:[^:*?$]*:[^:*?$]*:key/[^*?$]+$", secret.kms_key_arn))])
    error_message = "kms_key_arn is the ARN of one key, and not of an alias: arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "parameters" {
  description = "Parameters in Systems Manager that the program reads, one by one, or all below a path with `below = true`; `kms_key_arn` is the key of secure strings, if they have one of yours."
  type = map(object({
    arn         = string
    below       = optional(bool, false)
    kms_key_arn = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for parameter in values(var.parameters) : can(regex("^arn:[^:*?$]+:ssm:[^:*?$]*:[^:*?$]*:parameter/[^*?$]*[^*?$/]$", parameter.arn))])
    error_message = "arn is the ARN of a parameter, arn:aws:ssm:REGION:ACCOUNT:parameter/PATH, without a star; for all below a path say below = true."
  }

  validation {
    condition     = alltrue([for parameter in values(var.parameters) : parameter.kms_key_arn == null ? true : can(regex("^arn:[^:*?$]+:kms:[^:*?$]*:[^:*?$]*:key/[^*?$]+$", parameter.kms_key_arn))])
    error_message = "kms_key_arn is the ARN of one key, and not of an alias: arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}
