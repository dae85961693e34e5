variable "package" {
  description = "The zip with the program."
  type        = string
  default     = "posts.zip"
}

variable "vpc_id" {
  description = "The VPC of the load balancer."
  type        = string
}

variable "subnets" {
  description = "Subnets in at least two availability zones."
  type        = list(string)
}

variable "networks" {
  description = "Who may reach the load balancer."
  type        = list(string)
  default     = ["10.0.0.0/8"]
}

variable "certificate_arn" {
  description = "A certificate that is valid for `host`."
  type        = string
}

variable "zone_id" {
  description = "The zone of Route 53 that `host` is in."
  type        = string
}

variable "host" {
  description = "The program's name."
  type        = string
  default     = "posts.internal.example.com"
}

variable "client_id" {
  description = "The program as the login's provider knows it."
  type        = string
}

variable "client_secret" {
  description = "Its secret there."
  type        = string
  sensitive   = true
}

variable "alarm_email" {
  description = "Who is told when something is wrong."
  type        = string
  default     = "posts@example.com"
}
