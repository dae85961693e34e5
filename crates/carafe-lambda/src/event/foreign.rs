//! What an event is that is not HTTP: for the error message, so that the reader knows which trigger to remove.

use serde_json::Value;

/// A few words such as "an SQS event". Reads the event once more; nobody waits for this answer.
pub(super) fn name(event: &[u8]) -> String {
    let value: Value = serde_json::from_slice(event).unwrap_or_default();
    let Value::Object(fields) = &value else {
        return format!("a bare JSON {}", kind(&value));
    };
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let has = |name: &str| fields.contains_key(name);
    if let Some(record) = fields.get("Records").and_then(|records| records.get(0)) {
        return from_record(record);
    }
    if let Some(source) = text("eventSource") {
        return service(source);
    }
    let known = if has("detail-type") && text("detail-type") == Some("Scheduled Event") {
        "a scheduled EventBridge event"
    } else if has("detail-type") {
        "an EventBridge event"
    } else if has("awslogs") {
        "a CloudWatch Logs event"
    } else if has("triggerSource") && has("userPoolId") {
        "a Cognito trigger event"
    } else if has("methodArn") || has("routeArn") {
        "an API Gateway authorizer event"
    } else if value.pointer("/requestContext/connectionId").is_some() {
        "an API Gateway WebSocket event"
    } else if has("raw_path") || value.pointer("/requestContext/serviceNetworkArn").is_some() {
        "a VPC Lattice event"
    } else if has("ResponseURL") && has("RequestType") {
        "a CloudFormation custom resource event"
    } else if has("deliveryStreamArn") {
        "a Firehose transformation event"
    } else if has("invokingEvent") {
        "an AWS Config event"
    } else if value.pointer("/info/fieldName").is_some() {
        "an AppSync event"
    } else if has("key1") && has("key2") {
        "the Lambda console's default test event"
    } else if fields.is_empty() {
        "a bare test event: an empty object"
    } else {
        ""
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let names: Vec<&str> = fields.keys().take(5).map(String::as_str).collect();
    format!("no event known here: an object with the fields {}", serde_json::json!(names))
}

fn from_record(record: &Value) -> String {
    let source = record.get("eventSource").or_else(|| record.get("EventSource")).and_then(Value::as_str);
    match source {
        Some(source) => service(source),
        None if record.get("cf").is_some() => "a CloudFront (Lambda@Edge) event".to_owned(),
        None => "a batch of records of an unknown kind".to_owned(),
    }
}

fn service(source: &str) -> String {
    let known = match source {
        "aws:sqs" => "an SQS event",
        "aws:sns" => "an SNS event",
        "aws:s3" => "an S3 event",
        "aws:ses" => "an SES event",
        "aws:dynamodb" => "a DynamoDB stream event",
        "aws:kinesis" => "a Kinesis event",
        "aws:kafka" | "SelfManagedKafka" => "a Kafka event",
        "aws:amq" | "aws:rmq" => "an Amazon MQ event",
        "aws:codecommit" => "a CodeCommit event",
        _ => "",
    };
    if known.is_empty() {
        return format!("an event from {}", Value::from(source.chars().take(40).collect::<String>()));
    }
    known.to_owned()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
