variable "throttle" {
  description = "Limits of requests: `rate` for each second on average, `burst` for those at the same moment. Without it the account's limits hold."
  type = object({
    rate  = number
    burst = number
  })
  default = null

  validation {
    condition     = var.throttle == null ? true : var.throttle.rate > 0 && var.throttle.burst > 0
    error_message = "rate and burst are above 0."
  }
}

variable "domain" {
  description = "A name for the API: `certificate_arn` is valid for it and of the same region, `dns` has the zone of Route 53 that it is made in."
  type = object({
    name            = string
    certificate_arn = string
    dns             = optional(object({ zone_id = string }))
  })
  default = null

  validation {
    condition     = var.domain == null ? true : can(regex("^([a-z0-9-]+\\.)+[a-z]+$", var.domain.name))
    error_message = "A name has small letters, digits and hyphens between dots, such as posts.example.com."
  }

  validation {
    condition     = var.domain == null ? true : can(regex("^arn:[^:]+:acm:", var.domain.certificate_arn))
    error_message = "certificate_arn is the ARN of a certificate of ACM: arn:aws:acm:REGION:ACCOUNT:certificate/ID."
  }
}

variable "access_log" {
  description = "Whether each request is logged, kept as long as the function's own logs."
  type        = bool
  default     = true
  nullable    = false

  validation {
    condition     = contains([true, false], var.access_log)
    error_message = "access_log is true or false."
  }
}
