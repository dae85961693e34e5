//! A local Application Load Balancer in front of any Lambda function
