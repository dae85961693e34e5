locals {
  s3_read  = ["s3:GetObject"]
  s3_write = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"]

  s3_statements = flatten([for bucket in values(var.s3) : concat(
    [{
      Effect = "Allow"
      Action = sort(concat(
        bucket.access == "write" ? [] : local.s3_read,
        bucket.access == "read" ? [] : local.s3_write,
      ))
      Resource = ["${bucket.arn}/${bucket.prefix}*"]
    }],
    bucket.list ? [merge(
      {
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = [bucket.arn]
      },
      { for key, condition in { Condition = { StringLike = { "s3:prefix" = ["${bucket.prefix}*"] } } } : key => condition if bucket.prefix != "" },
    )] : [],
    bucket.kms_key_arn == null ? [] : [{
      Effect = "Allow"
      # A large upload is put together from encrypted parts, which are read for that.
      Action    = bucket.access == "read" ? ["kms:Decrypt"] : ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = [bucket.kms_key_arn]
      Condition = local.kms_via["s3"]
    }],
  )])
}
