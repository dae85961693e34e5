locals {
  # A target group and a load balancer have at most 32 letters, digits and hyphens; what is cut off is told apart by a hash.
  plain_name = replace(var.name, "_", "-")
  short_name = (
    length(local.plain_name) <= 32 && !endswith(local.plain_name, "-") && !startswith(local.plain_name, "internal-")
    ? local.plain_name
    : "fn-${trim(substr(local.plain_name, 0, 22), "-")}-${substr(sha256(var.name), 0, 6)}"
  )
}
