//! Bottle for Rust on AWS Lambda behind an Application Load Balancer
