locals {
  # A target group and a load balancer have at most 32 letters, digits and hyphens; what is cut off is told apart by a hash.
  plain_name = replace(var.name, "_", "-")
  cut_name   = trim(substr(local.plain_name, 0, 22), "-")
  name_hash  = substr(sha256(var.name), 0, 6)
  fits       = length(local.plain_name) <= 32 && !endswith(local.plain_name, "-") && !startswith(local.plain_name, "internal-")
  short_name = local.fits ? local.plain_name : "fn-${local.cut_name}-${local.name_hash}"
}
