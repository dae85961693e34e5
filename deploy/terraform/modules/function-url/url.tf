# Callers of the same account need lambda:InvokeFunctionUrl and lambda:InvokeFunction in their own policies, and nothing here.
resource "aws_lambda_function_url" "this" {
  function_name      = module.function.name
  qualifier          = module.function.alias
  authorization_type = var.authorization
  # The answer is sent when it is complete, as behind a load balancer.
  invoke_mode = "BUFFERED"
}
