//! Names for events that are not HTTP, so that the error message tells which trigger to remove.

use super::fields::Fields;
use crate::json::{Reader, Span, Writer};

/// Returns a few words such as "an SQS event".
pub(super) fn name(fields: &Fields, event: &[u8]) -> String {
    let event = Unknown { others: &fields.others, bytes: event };
    if let Some(kind) = event.bare() {
        return format!("a bare JSON {kind}");
    }
    let has = |name: &str| event.get(name).is_some();
    if let Some(records) = event.get("Records") {
        return of_records(records);
    }
    if let Some(source) = event.get("eventSource").and_then(text) {
        return service(&source);
    }
    let known = if event.get("detail-type") == Some(br#""Scheduled Event""#) {
        "a scheduled EventBridge event"
    } else if has("detail-type") {
        "an EventBridge event"
    } else if has("awslogs") {
        "a CloudWatch Logs event"
    } else if has("triggerSource") && has("userPoolId") {
        "a Cognito trigger event"
    } else if has("methodArn") || has("routeArn") {
        "an API Gateway authorizer event"
    } else if fields.context.web_socket {
        "an API Gateway WebSocket event"
    } else if has("ResponseURL") && has("RequestType") {
        "a CloudFormation custom resource event"
    } else if has("deliveryStreamArn") {
        "a Firehose transformation event"
    } else if has("invokingEvent") {
        "an AWS Config event"
    } else if event.get("info").is_some_and(|info| keys(info).iter().any(|key| key == "fieldName")) {
        "an AppSync event"
    } else if has("key1") && has("key2") {
        "the Lambda console's default test event"
    } else if fields.others.is_empty() && fields.names().next().is_none() {
        "a bare test event: an empty object"
    } else {
        return format!("no event known here: an object with the fields {}", event.names(fields));
    };
    known.to_owned()
}

/// The other fields of an event, which the reader skipped and so left unchanged.
struct Unknown<'e> {
    others: &'e [(Span, Span)],
    bytes: &'e [u8],
}

impl<'e> Unknown<'e> {
    /// Returns a field's value as JSON; the last if there are several.
    fn get(&self, name: &str) -> Option<&'e [u8]> {
        let mut fields = self.others.iter().rev();
        fields.find(|(key, _)| key.of(self.bytes) == name.as_bytes()).map(|(_, value)| value.of(self.bytes))
    }

    /// Returns the type of a document that is not an object, by its first byte.
    fn bare(&self) -> Option<&'static str> {
        Some(match self.bytes.trim_ascii_start().first()? {
            b'{' => return None,
            b'[' => "array",
            b'"' => "string",
            b't' | b'f' => "boolean",
            b'n' => "null",
            _ => "number",
        })
    }

    /// Returns the first few names of the alphabet, each once, as JSON.
    fn names(&self, fields: &Fields) -> String {
        let text = |key: &Span| String::from_utf8_lossy(key.of(self.bytes)).into_owned();
        let others = self.others.iter().map(|(key, _)| text(key));
        let names: Vec<String> = others.chain(fields.names().map(str::to_owned)).collect();
        let mut json = Writer::with_capacity(64);
        json.open_array();
        // A sort would weigh 8 KB in every program.
        let mut last = None;
        for _ in 0..5 {
            let Some(next) = names.iter().filter(|name| last.is_none_or(|last| *name > last)).min() else {
                break;
            };
            json.text(next);
            last = Some(next);
        }
        json.close_array();
        String::from_utf8_lossy(&json.into_bytes()).into_owned()
    }
}

/// Reads the text of a string.
fn text(value: &[u8]) -> Option<String> {
    let mut value = value.to_vec();
    let span = Reader::new(&mut value).string().ok()?;
    Some(String::from_utf8_lossy(span.of(&value)).into_owned())
}

/// Reads the keys of an object.
fn keys(value: &[u8]) -> Vec<String> {
    pairs(value).into_iter().map(|(key, _)| key).collect()
}

/// Reads the keys of an object and the values that are strings; of an array, those of its first element.
fn pairs(value: &[u8]) -> Vec<(String, Option<String>)> {
    let mut bytes = value.to_vec();
    let mut reader = Reader::new(&mut bytes);
    let mut spans = Vec::new();
    let mut first = true;
    let mut element = |reader: &mut Reader<'_>| {
        if !std::mem::take(&mut first) {
            return reader.skip();
        }
        let object = reader.object(|reader, key| {
            spans.push((key, reader.raw()?));
            Ok(())
        });
        object.map(drop)
    };
    // It cannot fail: this part has been read as JSON before.
    let _ = if reader.peek() == Some(b'[') { reader.array(element) } else { element(&mut reader) };
    let owned = |span: Span| String::from_utf8_lossy(span.of(&bytes)).into_owned();
    spans.into_iter().map(|(key, value)| (owned(key), text(value.of(&bytes)))).collect()
}

fn of_records(records: &[u8]) -> String {
    let record = pairs(records);
    let source = record.iter().find(|(key, _)| key == "eventSource" || key == "EventSource");
    match source.and_then(|(_, source)| source.as_deref()) {
        Some(source) => service(source),
        None if record.iter().any(|(key, _)| key == "cf") => "a CloudFront (Lambda@Edge) event".to_owned(),
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
        _ => {
            let source: String = source.chars().take(40).collect();
            return format!("an event from {source:?}");
        }
    };
    known.to_owned()
}
