# The same file in each module that makes a function: change it in modules/function and run tests/deploy/run --write.

variable "name" {
  description = "Name of the function. Role, log group, target group and load balancer are named after it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,55}$", var.name))
    error_message = "A name has 1 to 56 letters, digits, hyphens and underscores, and begins with a letter or digit."
  }
}

variable "description" {
  description = "What the function is for, as the console shows it."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.description) <= 256
    error_message = "A description has at most 256 characters."
  }
}

variable "package" {
  description = "Path of the zip with `bootstrap` in it. Exactly one of `package`, `package_s3` and `image_uri` is set."
  type        = string
  default     = null

  validation {
    condition     = length([for given in [var.package != null, var.package_s3 != null, var.image_uri != null] : given if given]) == 1
    error_message = "Say where the program is by exactly one of package, package_s3 and image_uri."
  }
}

variable "package_s3" {
  description = "The zip in a bucket. Set `version` or `source_code_hash`, or a new zip under the same key goes unnoticed."
  type = object({
    bucket  = string
    key     = string
    version = optional(string)
  })
  default = null

  validation {
    condition     = var.package_s3 == null ? true : var.package_s3.bucket != "" && var.package_s3.key != ""
    error_message = "package_s3 names a bucket and a key."
  }
}

variable "image_uri" {
  description = "The program as a container image in ECR, by tag or digest."
  type        = string
  default     = null

  validation {
    condition     = var.image_uri == null ? true : can(regex("^[^/ ]+/[^ ]+[:@][^ ]+$", var.image_uri))
    error_message = "image_uri is REGISTRY/REPOSITORY:TAG or REGISTRY/REPOSITORY@DIGEST."
  }
}

variable "source_code_hash" {
  description = "Base64 of the zip's SHA-256, as `carafe-alb zip` prints it. Read from the file itself where `package` is set."
  type        = string
  default     = null

  validation {
    condition     = var.source_code_hash == null ? true : can(regex("^[A-Za-z0-9+/]{43}=$", var.source_code_hash))
    error_message = "source_code_hash is the SHA-256 in base64, 44 characters, not in hexadecimal."
  }
}

variable "architecture" {
  description = "What the program was compiled for: `x86_64` or `arm64`."
  type        = string
  default     = "x86_64"
  nullable    = false

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture is x86_64 or arm64."
  }
}

variable "memory" {
  description = "Memory in MB. The share of a processor grows with it."
  type        = number
  default     = 256
  nullable    = false

  validation {
    condition     = var.memory >= 128 && var.memory <= 10240 && floor(var.memory) == var.memory
    error_message = "memory is a whole number of MB from 128 to 10240."
  }
}

variable "timeout" {
  description = "Seconds after which a call is given up."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.timeout >= 1 && var.timeout <= 900 && floor(var.timeout) == var.timeout
    error_message = "timeout is a whole number of seconds from 1 to 900."
  }
}

variable "environment" {
  description = "Environment variables of the program. They stand readable in the console and in Terraform's state: let the program read what is secret from `secrets` or `parameters`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^[A-Za-z][A-Za-z0-9_]+$", name))])
    error_message = "The name of an environment variable has at least two letters, digits and underscores and begins with a letter."
  }

  validation {
    condition     = alltrue([for name in keys(var.environment) : !contains(["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT"], name)])
    error_message = "Lambda sets region, credentials, AWS_LAMBDA_RUNTIME_API and LAMBDA_TASK_ROOT itself and refuses functions that do."
  }
}

variable "vpc" {
  description = "Subnets and security groups, for a program that reaches into a VPC. Without it the function is outside of every VPC, which is quicker and enough for AWS's own services."
  type = object({
    subnets         = list(string)
    security_groups = list(string)
  })
  default = null

  validation {
    condition     = var.vpc == null ? true : length(var.vpc.subnets) > 0 && length(var.vpc.security_groups) > 0
    error_message = "vpc needs at least one subnet and one security group."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts environment variables, instead of AWS's own."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null ? true : can(regex("^arn:[^:]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a key: arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "tags" {
  description = "Tags of everything that the module makes."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.tags) : !startswith(lower(name), "aws:")])
    error_message = "Tags that begin with aws: are AWS's own."
  }
}
