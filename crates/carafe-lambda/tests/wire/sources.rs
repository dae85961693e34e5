//! Events that are not a load balancer's.

use crate::support::Function;
use crate::support::events::{Event, Mode, all, body};
use serde_json::{Value, json};

fn rest() -> Value {
    json!({
        "resource": "/{proxy+}", "path": "/x/a%20b", "httpMethod": "GET",
        "headers": {"Host": "api.example.com", "User-Agent": "curl", "Cookie": "a=1", "X-Forwarded-For": "9.9.9.9, 8.8.8.8"},
        "multiValueHeaders": {"Host": ["api.example.com"], "User-Agent": ["curl"], "Cookie": ["a=1"],
            "X-Forwarded-For": ["9.9.9.9, 8.8.8.8"]},
        "queryStringParameters": {"q": "a b&c", "t": "2"},
        "multiValueQueryStringParameters": {"q": ["a b&c"], "t": ["1", "2"]},
        "pathParameters": {"proxy": "x/a b"}, "stageVariables": null,
        "requestContext": {"stage": "prod", "path": "/prod/x/a%20b", "identity": {"sourceIp": "203.0.113.9"}},
        "body": null, "isBase64Encoded": false
    })
}

fn http_api(domain: &str) -> Value {
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/x/a b", "rawQueryString": "q=a+b&t=1&t=2&flag",
        "cookies": ["a=1", "b=2"],
        "headers": {"host": domain, "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9"},
        "queryStringParameters": {"q": "a b", "t": "1,2", "flag": ""},
        "requestContext": {"stage": "$default", "domainName": domain,
            "http": {"method": "GET", "path": "/x/a b", "protocol": "HTTP/1.1", "sourceIp": "203.0.113.9"}},
        "isBase64Encoded": false
    })
}

#[test]
fn t44_both_families_or_nulls() {
    let function = Function::start();
    let mut event = Event::get("/h").header("x-a", "single").query(&[("q", "1")]).value(Mode::Single);
    let multi =
        Event::get("/h").header("x-a", "first").header("x-a", "last").query(&[("q", "1"), ("q", "2")]);
    let multi = multi.value(Mode::Multi);
    event["multiValueHeaders"] = multi["multiValueHeaders"].clone();
    event["multiValueQueryStringParameters"] = multi["multiValueQueryStringParameters"].clone();
    let posted = function.invoke(event.to_string());
    let seen = posted.seen();
    assert_eq!(all(&seen["headers"], "x-a"), ["first", "last"]);
    assert_eq!(all(&seen["query"], "q"), ["1", "2"]);
    let answer = posted.answer();
    assert_eq!(answer["headers"]["content-type"], "application/json");
    assert_eq!(answer["multiValueHeaders"]["content-type"], json!(["application/json"]));

    for (null, other) in [(Mode::Multi, Mode::Single), (Mode::Single, Mode::Multi)] {
        let mut event = Event::get("/h").value(other);
        for name in Event::get("/h").value(null).as_object().expect("fields").keys() {
            if event.get(name).is_none() {
                event[name] = json!(null);
            }
        }
        let posted = function.invoke(event.to_string());
        assert_eq!(posted.seen()["source"], format!("Alb({other:?})"));
        assert_eq!(posted.answer().get("headers").is_some(), other == Mode::Single);
    }
}

#[test]
fn t45_each_front_door_is_told_from_the_others() {
    let function = Function::start();
    let posted = function.invoke(rest().to_string());
    let (seen, answer) = (posted.seen(), posted.answer());
    assert_eq!(seen["source"], "ApiGatewayRest");
    assert_eq!(seen["raw_path"], "/x/a%20b");
    assert_eq!(all(&seen["query"], "q"), ["a%20b%26c"], "encoded again");
    assert_eq!(all(&seen["query"], "t"), ["1", "2"]);
    assert_eq!((&seen["host"], &seen["cookie"]), (&json!("api.example.com"), &json!("a=1")));
    assert_eq!(seen["client_ip"], "203.0.113.9");
    let mut fields: Vec<&String> = answer.as_object().expect("fields").keys().collect();
    fields.sort_unstable();
    assert_eq!(fields, ["body", "isBase64Encoded", "multiValueHeaders", "statusCode"], "any other is a 502");

    for (domain, source) in [
        ("abc.execute-api.eu-west-1.amazonaws.com", "ApiGatewayHttp"),
        ("abc.lambda-url.eu-west-1.on.aws", "FunctionUrl"),
    ] {
        let posted = function.invoke(http_api(domain).to_string());
        let (seen, answer) = (posted.seen(), posted.answer());
        assert_eq!(seen["source"], source);
        assert_eq!(seen["raw_query"], "q=a+b&t=1&t=2&flag", "as the client sent it");
        assert_eq!(all(&seen["query"], "t"), ["1", "2"]);
        assert_eq!(seen["cookie"], "a=1; b=2");
        assert_eq!(seen["client_ip"], "203.0.113.9");
        let mut fields: Vec<&String> = answer.as_object().expect("fields").keys().collect();
        fields.sort_unstable();
        assert_eq!(fields, ["body", "cookies", "headers", "isBase64Encoded", "statusCode"]);
    }
    // The same event with only the load balancer's mark is a load balancer's.
    let mut event = rest();
    event["requestContext"] = json!({"elb": {"targetGroupArn": "arn"}});
    assert_eq!(function.invoke(event.to_string()).seen()["source"], "Alb(Both)");
}

#[test]
fn t47_paths_encoded_or_not() {
    let function = Function::start();
    // An HTTP API decodes the path: `100%25` arrived as `100%`, and decoding it again must not hurt.
    let mut event = http_api("abc.execute-api.eu-west-1.amazonaws.com");
    event["rawPath"] = json!("/x/100%/%41/ä");
    let seen = function.invoke(event.to_string()).seen();
    assert_eq!(seen["raw_path"], "/x/100%25/%2541/%C3%A4");
    // A function URL does not.
    let mut event = http_api("abc.lambda-url.eu-west-1.on.aws");
    event["rawPath"] = json!("/x/100%25/%41");
    let seen = function.invoke(event.to_string()).seen();
    assert_eq!(seen["raw_path"], "/x/100%25/%41");
}

#[test]
fn cookies_leave_in_the_family_of_the_event() {
    let function = Function::start();
    let wanted = json!({"headers": [["set-cookie", "a=1"], ["set-cookie", "b=2"], ["set-cookie", "a=3"]], "body": "x"});
    let mut event = http_api("abc.lambda-url.eu-west-1.on.aws");
    event["rawPath"] = json!("/reply");
    event["body"] = json!(wanted.to_string());
    let answer = function.invoke(event.to_string()).answer();
    assert_eq!(answer["cookies"], json!(["b=2", "a=3"]));
    assert!(answer["headers"].get("set-cookie").is_none());
    let mut event = rest();
    event["path"] = json!("/reply");
    event["body"] = json!(wanted.to_string());
    let answer = function.invoke(event.to_string()).answer();
    assert_eq!(answer["multiValueHeaders"]["set-cookie"], json!(["b=2", "a=3"]));
    assert_eq!(body(&answer), b"x");
}

#[test]
fn t48_foreign_events_fail_and_are_named() {
    let function = Function::start();
    let kinds = [
        // The escapes of a body that is JSON itself, as most of them are.
        (
            json!({"Records": [{"body": "{\"a\": \"\\\\b\n\"}", "eventSource": "aws:sqs"}, {"x": []}]}),
            "an SQS event",
        ),
        (json!({"Records": [{"EventSource": "aws:sns", "Sns": {}}]}), "an SNS event"),
        (json!({"Records": [{"eventSource": "aws:s3", "s3": {}}]}), "an S3 event"),
        (json!({"Records": [{"eventSource": "aws:dynamodb"}]}), "a DynamoDB stream event"),
        (json!({"Records": [{"eventSource": "aws:kinesis"}]}), "a Kinesis event"),
        (json!({"Records": [{"eventSource": "aws:ses"}]}), "an SES event"),
        (json!({"Records": [{"eventSource": "aws:codecommit"}]}), "a CodeCommit event"),
        (json!({"eventSource": "SelfManagedKafka", "records": {}}), "a Kafka event"),
        (json!({"eventSource": "aws:amq", "messages": []}), "an Amazon MQ event"),
        (json!({"eventSource": "aws:rmq", "rmqMessagesByQueue": {}}), "an Amazon MQ event"),
        (json!({"Records": [{"other": 1}]}), "a batch of records of an unknown kind"),
        (json!({"Records": []}), "a batch of records of an unknown kind"),
        (
            json!({"triggerSource": "PreSignUp_SignUp", "userPoolId": "eu-west-1_x"}),
            "a Cognito trigger event",
        ),
        (json!({"triggerSource": "x"}), r#"the fields ["triggerSource"]"#),
        (json!({"userPoolId": "x"}), r#"the fields ["userPoolId"]"#),
        (json!({"type": "REQUEST", "routeArn": "arn"}), "an API Gateway authorizer event"),
        (
            json!({"RequestType": "Create", "ResponseURL": "https://x"}),
            "a CloudFormation custom resource event",
        ),
        (json!({"RequestType": "Create"}), r#"the fields ["RequestType"]"#),
        (json!({"ResponseURL": "https://x"}), r#"the fields ["ResponseURL"]"#),
        (json!({"deliveryStreamArn": "arn", "records": []}), "a Firehose transformation event"),
        (json!({"invokingEvent": "{}"}), "an AWS Config event"),
        (json!({"info": {"fieldname": "posts"}}), r#"the fields ["info"]"#),
        (json!({"key1": "value1"}), r#"the fields ["key1"]"#),
        (json!({"key2": "value2"}), r#"the fields ["key2"]"#),
        (json!(7), "a bare JSON number"),
        (json!(-0.5), "a bare JSON number"),
        (json!(true), "a bare JSON boolean"),
        (json!(false), "a bare JSON boolean"),
        (json!(null), "a bare JSON null"),
        (json!({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1}), r#"the fields ["a","b","c","d","e"]"#),
        (
            json!({"httpMethod": "GET", "headers": {}, "multiValueHeaders": {}, "cookies": ["a"]}),
            r#"the fields ["cookies","headers","httpMethod","multiValueHeaders"]"#,
        ),
        (
            json!({"rawPath": "/", "rawQueryString": "", "version": "3.0", "requestContext": {}}),
            r#"the fields ["rawPath","rawQueryString","requestContext","version"]"#,
        ),
        (
            json!({"queryStringParameters": {}, "multiValueQueryStringParameters": {}, "resource": "/"}),
            r#"the fields ["multiValueQueryStringParameters","queryStringParameters","resource"]"#,
        ),
        (
            json!({"Records": [{"eventSource": "x".repeat(50)}]}),
            "an event from \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
        ),
        (json!({"Records": [{"cf": {}}]}), "a CloudFront (Lambda@Edge) event"),
        (
            json!({"version": "0", "detail-type": "x", "source": "my.app", "detail": {}}),
            "an EventBridge event",
        ),
        (json!({"detail-type": "Scheduled Event", "source": "aws.events"}), "a scheduled EventBridge event"),
        (json!({"awslogs": {"data": ""}}), "a CloudWatch Logs event"),
        (
            json!({"key1": "value1", "key2": "value2", "key3": "value3"}),
            "the Lambda console's default test event",
        ),
        (
            json!({"requestContext": {"connectionId": "x", "eventType": "CONNECT"}}),
            "an API Gateway WebSocket event",
        ),
        (json!({"type": "TOKEN", "methodArn": "arn"}), "an API Gateway authorizer event"),
        (json!({}), "a bare test event"),
        (json!([1]), "a bare JSON array"),
        (json!("hello"), "a bare JSON string"),
        (json!({"eventSource": "aws:kafka", "bootstrapServers": "b-1,b-2"}), "a Kafka event"),
        (json!({"info": {"parentTypeName": "Query", "fieldName": "posts"}}), "an AppSync event"),
        (json!({"Records": [{"eventSource": "my:\"queue\""}]}), r#"an event from "my:\"queue\"""#),
        (json!({"order": 7, "item": {}}), r#"an object with the fields ["item","order"]"#),
        (json!({"path": "/x", "body": "", "it\"em": {}}), r#"the fields ["body","it\"em","path"]"#),
    ];
    for (event, name) in kinds {
        let posted = function.invoke(event.to_string());
        assert!(posted.path.ends_with("/error"), "{name}: {}", posted.path);
        let error = posted.json();
        let message = error["errorMessage"].as_str().expect("a message");
        assert!(message.contains(name), "{name}: {message}");
        assert_eq!(error["errorType"], "Event.Unreadable");
    }
}

#[test]
fn an_authorizer_s_event_is_no_request() {
    let function = Function::start();
    let with_events = Function::with(&[("MIRROR_EVENTS", "1")]);
    for event in [
        include_str!("fixtures/authorizer/rest-request.json"),
        include_str!("fixtures/authorizer/rest-token.json"),
        include_str!("fixtures/authorizer/http-api-v1.json"),
        include_str!("fixtures/authorizer/http-api-v2.json"),
        include_str!("fixtures/authorizer/websocket.json"),
    ] {
        let event = event.trim();
        let posted = function.invoke(event);
        assert!(posted.path.ends_with("/error"), "{}: {event}", posted.path);
        let message = posted.json()["errorMessage"].as_str().expect("a message").to_owned();
        assert!(message.contains("an API Gateway authorizer event"), "{message}");
        let posted = with_events.invoke(event);
        assert_eq!(String::from_utf8_lossy(&posted.body), event, "the function for other events has it");
    }
    // Below the top the name means nothing.
    let mut event = rest();
    event["requestContext"]["methodArn"] = json!("arn");
    assert_eq!(function.invoke(event.to_string()).seen()["source"], "ApiGatewayRest");
}

#[test]
fn what_is_not_json_is_a_400() {
    let function = Function::start();
    for event in [
        "",
        "{",
        "nonsense",
        "{\"requestContext\":{\"elb\":{}},\"httpMethod\":\"GET\"",
        "{\"a\":\"\\x\"}",
        "{}{}",
    ] {
        let answer = function.invoke(event).answer();
        assert_eq!(answer["statusCode"], 400, "{event}");
        assert_eq!(answer["headers"]["content-type"], "application/json");
        assert_eq!(answer["multiValueHeaders"]["content-type"], json!(["application/json"]));
    }
}
