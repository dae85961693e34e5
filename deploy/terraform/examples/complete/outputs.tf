output "url" {
  description = "Where the program answers."
  value       = module.posts.url
}

output "log_group" {
  description = "Where it logs."
  value       = module.posts.log_group
}
