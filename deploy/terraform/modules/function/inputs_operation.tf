# The same file in each module that makes a function: change it in modules/function and run tests/deploy/run --write.

variable "alias" {
  description = "Alias that is called. Each change publishes a version, and the alias moves to it when that is ready."
  type        = string
  default     = "live"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,128}$", var.alias)) && !can(regex("^[0-9]+$", var.alias))
    error_message = "An alias has 1 to 128 letters, digits, hyphens and underscores, and is not only digits."
  }
}

variable "canary" {
  description = "Keeps the alias at `stable_version` and sends the share `share` of calls, from 0 to 1, to the newest version. Without it all calls go to the newest."
  type = object({
    stable_version = string
    share          = number
  })
  default = null

  validation {
    condition     = var.canary == null ? true : can(regex("^[1-9][0-9]*$", var.canary.stable_version))
    error_message = "stable_version is the number of a published version, as the output version had it before the change."
  }

  validation {
    condition     = var.canary == null ? true : var.canary.share >= 0 && var.canary.share <= 1
    error_message = "share is from 0 to 1: 0.1 sends one call in ten to the newest version."
  }
}

variable "reserved_concurrency" {
  description = "Most calls that run at once; this many are kept free of the account's for the function. Without it, as many as the account has left."
  type        = number
  default     = null

  validation {
    condition     = var.reserved_concurrency == null ? true : var.reserved_concurrency >= 0 && floor(var.reserved_concurrency) == var.reserved_concurrency
    error_message = "reserved_concurrency is a whole number; 0 stops the function."
  }
}

variable "provisioned_concurrency" {
  description = "Environments that are kept started, and paid for, under the alias."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.provisioned_concurrency >= 0 && floor(var.provisioned_concurrency) == var.provisioned_concurrency
    error_message = "provisioned_concurrency is a whole number."
  }
}

variable "tracing" {
  description = "Whether Lambda sends traces to X-Ray: `Active` decides itself which calls, `PassThrough` follows the caller."
  type        = string
  default     = "PassThrough"
  nullable    = false

  validation {
    condition     = contains(["Active", "PassThrough"], var.tracing)
    error_message = "tracing is Active or PassThrough."
  }
}

variable "log_retention_days" {
  description = "Days that logs are kept; 0 is for ever."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days, or for ever with 0."
  }
}

variable "log_format" {
  description = "`JSON`, which CloudWatch searches by field, or `Text`. carafe writes what is said here."
  type        = string
  default     = "JSON"
  nullable    = false

  validation {
    condition     = contains(["JSON", "Text"], var.log_format)
    error_message = "log_format is JSON or Text."
  }
}

variable "log_level" {
  description = "Least level that is logged: TRACE, DEBUG, INFO, WARN, ERROR or FATAL. Only with the log format JSON."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"], var.log_level)
    error_message = "log_level is TRACE, DEBUG, INFO, WARN, ERROR or FATAL."
  }
}

variable "log_kms_key_arn" {
  description = "Key that encrypts the logs, instead of CloudWatch's own. Its policy must let CloudWatch Logs use it."
  type        = string
  default     = null

  validation {
    condition     = var.log_kms_key_arn == null ? true : can(regex("^arn:[^:]+:kms:", var.log_kms_key_arn))
    error_message = "log_kms_key_arn is the ARN of a key: arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "alarms" {
  description = "Alarms, and who hears of them: `actions` are ARNs, such as an SNS topic's (an encrypted topic needs a key whose policy lets cloudwatch.amazonaws.com do `kms:Decrypt` and `kms:GenerateDataKey*`; AWS's own key does not). An alarm is raised by `errors` failed calls within five minutes, and when the slowest call in a hundred takes more than the part `duration` of the timeout."
  type = object({
    actions  = optional(list(string), [])
    errors   = optional(number, 1)
    duration = optional(number, 0.8)
  })
  default = null

  validation {
    condition     = var.alarms == null ? true : var.alarms.errors >= 1
    error_message = "errors is at least 1."
  }

  validation {
    condition     = var.alarms == null ? true : var.alarms.duration > 0 && var.alarms.duration <= 1
    error_message = "duration is a part of the timeout: above 0, at most 1."
  }

  validation {
    condition     = var.alarms == null ? true : alltrue([for action in var.alarms.actions : startswith(action, "arn:")])
    error_message = "actions are ARNs, such as arn:aws:sns:REGION:ACCOUNT:TOPIC."
  }
}
