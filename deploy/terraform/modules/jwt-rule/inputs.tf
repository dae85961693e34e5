variable "listener_arn" {
  description = "The HTTPS listener that the rule is added to: the output `listener_arn` of the main module."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:elasticloadbalancing:[^:]*:[^:]*:listener/app/", var.listener_arn))
    error_message = "listener_arn is the ARN of a listener of an Application Load Balancer."
  }
}

variable "target_group_arn" {
  description = "Where requests with a valid token go: the output `target_group_arn` of the main module."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:elasticloadbalancing:[^:]*:[^:]*:targetgroup/", var.target_group_arn))
    error_message = "target_group_arn is the ARN of a target group."
  }
}

variable "priority" {
  description = "The rule's priority, which no other rule of the listener has."
  type        = number
  nullable    = false

  validation {
    condition     = var.priority >= 1 && var.priority <= 50000 && floor(var.priority) == var.priority
    error_message = "A priority is a whole number from 1 to 50000."
  }
}

variable "paths" {
  description = "Paths that ask for a token."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.paths) >= 1 && length(var.paths) <= 5
    error_message = "A rule has one to five paths."
  }
}

variable "issuer" {
  description = "Who has to have issued the token: its `iss`."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.issuer, "https://")
    error_message = "issuer is a URL that begins with https://."
  }
}

variable "jwks_endpoint" {
  description = "Where the issuer's keys are."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.jwks_endpoint, "https://")
    error_message = "jwks_endpoint is a URL that begins with https://."
  }
}

variable "claims" {
  description = "Further claims that the token must have: `format` is single-string, string-array or space-separated-values, of which one of `values` has to be there."
  type = map(object({
    format = optional(string, "single-string")
    values = list(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(var.claims) <= 10
    error_message = "A rule checks at most ten further claims."
  }

  validation {
    condition     = alltrue([for claim in values(var.claims) : contains(["single-string", "string-array", "space-separated-values"], claim.format)])
    error_message = "The format of a claim is single-string, string-array or space-separated-values."
  }
}

variable "tags" {
  description = "Tags of the rule."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.tags) : !startswith(lower(name), "aws:")])
    error_message = "Tags that begin with aws: are AWS's own."
  }
}
