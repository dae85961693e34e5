variable "name" {
  description = "Name of the origin, and the distribution's comment."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,55}$", var.name))
    error_message = "A name has 1 to 56 letters, digits, hyphens and underscores, and begins with a letter or digit."
  }
}

variable "load_balancer_arn" {
  description = "The internal load balancer, of the same account: the output `load_balancer_arn` of the main module."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:elasticloadbalancing:[^:]*:[^:]*:loadbalancer/app/", var.load_balancer_arn))
    error_message = "load_balancer_arn is the ARN of an Application Load Balancer."
  }
}

variable "origin_domain" {
  description = "The name that CloudFront calls: one that the load balancer's certificate is valid for, or with `origin_protocol = \"http\"` the output `dns_name`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9-]+\\.)+[A-Za-z]+$", var.origin_domain))
    error_message = "origin_domain is a host name, without https:// and path."
  }
}

variable "origin_protocol" {
  description = "How CloudFront speaks to the load balancer: `https` or `http`."
  type        = string
  default     = "https"
  nullable    = false

  validation {
    condition     = contains(["https", "http"], var.origin_protocol)
    error_message = "origin_protocol is https or http."
  }
}

variable "domain" {
  description = "Names of the distribution; `certificate_arn` is of us-east-1 and valid for all of them."
  type = object({
    names           = list(string)
    certificate_arn = string
  })
  default = null

  validation {
    condition     = var.domain == null ? true : can(regex("^arn:[^:]+:acm:us-east-1:", var.domain.certificate_arn))
    error_message = "CloudFront takes certificates of the region us-east-1 only."
  }
}

variable "cache_policy_id" {
  description = "What is cached. The default is AWS's CachingDisabled, which suits an API; UseOriginCacheControlHeaders-QueryStrings (4cc15a8a-d715-48a4-82b8-cc0b614638fe) follows the program's Cache-Control."
  type        = string
  default     = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-f-]{36}$", var.cache_policy_id))
    error_message = "cache_policy_id is the ID of a cache policy."
  }
}

variable "web_acl_arn" {
  description = "A web ACL of WAF, of us-east-1, that filters requests."
  type        = string
  default     = null

  validation {
    condition     = var.web_acl_arn == null ? true : can(regex("^arn:[^:]+:wafv2:us-east-1:", var.web_acl_arn))
    error_message = "CloudFront takes web ACLs of the region us-east-1 only."
  }
}

variable "tags" {
  description = "Tags of the distribution and its origin."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.tags) : !startswith(lower(name), "aws:")])
    error_message = "Tags that begin with aws: are AWS's own."
  }
}
