//! What an event is that is not HTTP: for the error message, so that the reader knows which trigger to remove.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// The fields of an object, their values unread. Not a `serde_json::Value`: no other part of a deployed program needs one.
type Fields<'e> = BTreeMap<String, &'e RawValue>;

/// A few words such as "an SQS event". Reads the event once more; nobody waits for this answer.
pub(super) fn name(event: &[u8]) -> String {
    let Ok(fields) = serde_json::from_slice::<Fields<'_>>(event) else {
        return format!("a bare JSON {}", kind(event));
    };
    let text = |name: &str| fields.get(name).and_then(|value| string(value));
    let has = |name: &str| fields.contains_key(name);
    let inside = |outer: &str, name: &str| {
        fields.get(outer).and_then(|value| object(value)).is_some_and(|fields| fields.contains_key(name))
    };
    if let Some(record) = fields.get("Records").and_then(|records| first(records)) {
        return from_record(&record);
    }
    if let Some(source) = text("eventSource") {
        return service(&source);
    }
    let known = if has("detail-type") && text("detail-type").as_deref() == Some("Scheduled Event") {
        "a scheduled EventBridge event"
    } else if has("detail-type") {
        "an EventBridge event"
    } else if has("awslogs") {
        "a CloudWatch Logs event"
    } else if has("triggerSource") && has("userPoolId") {
        "a Cognito trigger event"
    } else if has("methodArn") || has("routeArn") {
        "an API Gateway authorizer event"
    } else if inside("requestContext", "connectionId") {
        "an API Gateway WebSocket event"
    } else if has("raw_path") || inside("requestContext", "serviceNetworkArn") {
        "a VPC Lattice event"
    } else if has("ResponseURL") && has("RequestType") {
        "a CloudFormation custom resource event"
    } else if has("deliveryStreamArn") {
        "a Firehose transformation event"
    } else if has("invokingEvent") {
        "an AWS Config event"
    } else if inside("info", "fieldName") {
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
    let names = serde_json::to_string(&names).unwrap_or_default();
    format!("no event known here: an object with the fields {names}")
}

fn object(value: &RawValue) -> Option<Fields<'_>> {
    serde_json::from_str(value.get()).ok()
}

fn string(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

fn first(array: &RawValue) -> Option<Fields<'_>> {
    let records: Vec<&RawValue> = serde_json::from_str(array.get()).ok()?;
    records.first().map(|record| object(record).unwrap_or_default())
}

fn from_record(record: &Fields<'_>) -> String {
    let source = record.get("eventSource").or_else(|| record.get("EventSource"));
    match source.and_then(|source| string(source)) {
        Some(source) => service(&source),
        None if record.contains_key("cf") => "a CloudFront (Lambda@Edge) event".to_owned(),
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
        let source: String = source.chars().take(40).collect();
        return format!("an event from {}", serde_json::to_string(&source).unwrap_or_default());
    }
    known.to_owned()
}

/// What a document is that is no object, by its first byte.
fn kind(document: &[u8]) -> &'static str {
    match document.trim_ascii_start().first() {
        Some(b'[') => "array",
        Some(b'"') => "string",
        Some(b'-' | b'0'..=b'9') => "number",
        Some(b't' | b'f') => "boolean",
        Some(b'n') => "null",
        // It has been read as JSON before.
        _ => "object",
    }
}
