variable "login_oidc" {
  description = "Lets the load balancer log people in with a provider of OpenID Connect before they reach the function. The listener has to be HTTPS; the client's secret is `login_client_secret`."
  type = object({
    issuer                 = string
    authorization_endpoint = string
    token_endpoint         = string
    user_info_endpoint     = string
    client_id              = string
    scope                  = optional(string, "openid email profile")
    session_seconds        = optional(number, 28800)
    on_unauthenticated     = optional(string, "authenticate")
  })
  default = null

  validation {
    condition = var.login_oidc == null ? true : alltrue([
      for url in [var.login_oidc.issuer, var.login_oidc.authorization_endpoint, var.login_oidc.token_endpoint, var.login_oidc.user_info_endpoint] :
      startswith(url, "https://")
    ])
    error_message = "issuer and endpoints are URLs that begin with https://."
  }

  validation {
    condition     = var.login_oidc == null ? true : contains(["authenticate", "allow", "deny"], var.login_oidc.on_unauthenticated)
    error_message = "on_unauthenticated is authenticate (send to the login), allow (pass without a user) or deny (401)."
  }

  validation {
    condition     = var.login_oidc == null ? true : var.login_client_secret != null
    error_message = "login_oidc needs login_client_secret."
  }

  validation {
    condition     = var.login_oidc == null || var.load_balancer == null ? true : var.load_balancer.certificate != null
    error_message = "A login needs HTTPS: give load_balancer a certificate."
  }
}

variable "login_client_secret" {
  description = "The client's secret for `login_oidc`. It stands in Terraform's state."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.login_client_secret == null ? true : length(var.login_client_secret) > 0
    error_message = "The client's secret is not empty."
  }
}

variable "login_cognito" {
  description = "Lets the load balancer log people in with a user pool of Cognito before they reach the function. The listener has to be HTTPS."
  type = object({
    user_pool_arn       = string
    user_pool_client_id = string
    user_pool_domain    = string
    scope               = optional(string, "openid email profile")
    session_seconds     = optional(number, 28800)
    on_unauthenticated  = optional(string, "authenticate")
  })
  default = null

  validation {
    condition     = var.login_cognito == null || var.login_oidc == null
    error_message = "One login is enough: login_oidc or login_cognito."
  }

  validation {
    condition     = var.login_cognito == null ? true : can(regex("^arn:[^:]+:cognito-idp:", var.login_cognito.user_pool_arn))
    error_message = "user_pool_arn is the ARN of a user pool: arn:aws:cognito-idp:REGION:ACCOUNT:userpool/ID."
  }

  validation {
    condition     = var.login_cognito == null ? true : contains(["authenticate", "allow", "deny"], var.login_cognito.on_unauthenticated)
    error_message = "on_unauthenticated is authenticate (send to the login), allow (pass without a user) or deny (401)."
  }

  validation {
    condition     = var.login_cognito == null || var.load_balancer == null ? true : var.load_balancer.certificate != null
    error_message = "A login needs HTTPS: give load_balancer a certificate."
  }
}
