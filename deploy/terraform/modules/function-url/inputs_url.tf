variable "authorization" {
  description = "Who may call the URL: `AWS_IAM`, whose requests are signed, or `NONE`, everybody. `NONE` needs version 6.29 of the provider, which also grants `lambda:InvokeFunction` through the URL, as Lambda asks for since October 2025; earlier ones leave the URL at 403."
  type        = string
  default     = "AWS_IAM"
  nullable    = false

  validation {
    condition     = contains(["AWS_IAM", "NONE"], var.authorization)
    error_message = "authorization is AWS_IAM or NONE."
  }
}
