variable "listener_arn" {
  description = "The listener that the rules are added to. Exactly one of `listener_arn` and `load_balancer` is set."
  type        = string
  default     = null

  validation {
    condition     = (var.listener_arn == null) != (var.load_balancer == null)
    error_message = "Give either listener_arn, for a load balancer that is there, or load_balancer, for one of the module's own."
  }

  validation {
    condition     = var.listener_arn == null ? true : can(regex("^arn:[^:]+:elasticloadbalancing:[^:]*:[^:]*:listener/app/", var.listener_arn))
    error_message = "listener_arn is the ARN of a listener of an Application Load Balancer: arn:aws:elasticloadbalancing:REGION:ACCOUNT:listener/app/NAME/ID/ID."
  }
}

variable "load_balancer" {
  description = <<-EOT
    A load balancer of the function's own. It is internal, and speaks HTTPS with `certificate = { arn = … }`, HTTP without. `allow_from`
    are the networks that may reach it, which have to be known when Terraform plans; `security_groups` are groups of your own in their
    place. `dns` makes a name for it in a zone of Route 53; `deletion_protection` has to be switched off before it can be destroyed.
  EOT
  type = object({
    vpc_id              = string
    subnets             = list(string)
    internal            = optional(bool, true)
    allow_from          = optional(list(string), [])
    security_groups     = optional(list(string), [])
    certificate         = optional(object({ arn = string }))
    ssl_policy          = optional(string, "ELBSecurityPolicy-TLS13-1-2-2021-06")
    dns                 = optional(object({ zone_id = string, name = string }))
    access_logs         = optional(object({ bucket = string, prefix = optional(string) }))
    idle_timeout        = optional(number, 60)
    deletion_protection = optional(bool, true)
  })
  default = null

  validation {
    condition     = var.load_balancer == null ? true : length(var.load_balancer.subnets) >= 2
    error_message = "A load balancer needs subnets in at least two availability zones."
  }

  validation {
    condition     = var.load_balancer == null ? true : (length(var.load_balancer.allow_from) > 0) != (length(var.load_balancer.security_groups) > 0)
    error_message = "Say who may reach the load balancer: by allow_from, or by security_groups of your own."
  }

  validation {
    condition     = var.load_balancer == null ? true : alltrue([for network in var.load_balancer.allow_from : can(cidrhost(network, 0))])
    error_message = "allow_from has networks such as 10.0.0.0/16."
  }

  validation {
    condition     = var.load_balancer == null ? true : var.load_balancer.internal || var.load_balancer.certificate != null
    error_message = "A load balancer that the internet reaches needs a certificate: nobody should send a password over HTTP."
  }

  validation {
    condition     = var.load_balancer == null ? true : var.load_balancer.certificate == null ? true : can(regex("^arn:[^:]+:(acm|iam):", var.load_balancer.certificate.arn))
    error_message = "certificate has the ARN of a certificate: { arn = \"arn:aws:acm:REGION:ACCOUNT:certificate/ID\" }."
  }
}

variable "rules" {
  description = <<-EOT
    Which requests go to the function: each rule has a `priority` that no other rule of the listener has, and at least one condition,
    all of which hold: `paths`, `hosts`, `methods`, `headers`, `queries`, `sources`. `login = false` lets a rule pass without the login
    that `login_oidc` or `login_cognito` asks for.
  EOT
  type = map(object({
    priority = number
    paths    = optional(list(string), [])
    hosts    = optional(list(string), [])
    methods  = optional(list(string), [])
    headers  = optional(map(list(string)), {})
    queries  = optional(map(string), {})
    sources  = optional(list(string), [])
    login    = optional(bool, true)
  }))
  nullable = false

  validation {
    condition     = length(var.rules) > 0
    error_message = "Without a rule nothing reaches the function: rules = { all = { priority = 100, paths = [\"/*\"] } } sends it everything."
  }

  validation {
    condition     = alltrue([for rule in values(var.rules) : rule.priority >= 1 && rule.priority <= 50000 && floor(rule.priority) == rule.priority])
    error_message = "A priority is a whole number from 1 to 50000; the lowest that fits a request wins."
  }

  validation {
    condition     = length(distinct([for rule in values(var.rules) : rule.priority])) == length(var.rules)
    error_message = "Two rules have the same priority: a listener takes each only once."
  }

  validation {
    condition = alltrue([for rule in values(var.rules) : (
      length(rule.paths) + length(rule.hosts) + length(rule.methods) + length(rule.headers) + length(rule.queries) + length(rule.sources) > 0
    )])
    error_message = "A rule has at least one condition; paths = [\"/*\"] fits every request."
  }

  validation {
    condition = alltrue([for rule in values(var.rules) : (
      length(rule.paths) + length(rule.hosts) + length(rule.methods) + length(flatten(values(rule.headers))) + length(rule.queries) + length(rule.sources) <= 5
    )])
    error_message = "A rule has at most five values in all its conditions: divide it into several."
  }

  validation {
    condition     = alltrue(flatten([for rule in values(var.rules) : [for path in rule.paths : startswith(path, "/") || startswith(path, "*")]]))
    error_message = "A path begins with a slash or a star."
  }

  validation {
    condition     = alltrue(flatten([for rule in values(var.rules) : [for method in rule.methods : upper(method) == method]]))
    error_message = "Methods are compared with their case: write them in capitals."
  }
}

variable "multi_value_headers" {
  description = "Whether the function sees all of several equal headers, cookies and query parameters, and may set several cookies. The program works either way."
  type        = bool
  default     = true
  nullable    = false

  validation {
    condition     = contains([true, false], var.multi_value_headers)
    error_message = "multi_value_headers is true or false."
  }
}

variable "health_check" {
  description = "A route that the load balancer asks every `interval` seconds. Off by default: each time is a call that is paid for, and a function need not be kept alive."
  type = object({
    path                = string
    interval            = optional(number, 60)
    timeout             = optional(number, 10)
    matcher             = optional(string, "200")
    healthy_threshold   = optional(number, 2)
    unhealthy_threshold = optional(number, 3)
  })
  default = null

  validation {
    condition     = var.health_check == null ? true : startswith(var.health_check.path, "/")
    error_message = "The path of a health check begins with a slash."
  }

  validation {
    condition     = var.health_check == null ? true : var.health_check.interval >= 35 && var.health_check.interval <= 300
    error_message = "interval is from 35 to 300 seconds, as Elastic Load Balancing has it for functions."
  }

  validation {
    condition     = var.health_check == null ? true : var.health_check.timeout < var.health_check.interval
    error_message = "timeout is shorter than interval."
  }
}
