//! The same pages and API with posts in DynamoDB. It needs a server that speaks DynamoDB's protocol, and fails without one:
//!
//! ```text
//! npx dynalite@4.0.0 --host 127.0.0.1 --port 4567
//! AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:4567 AWS_REGION=eu-west-1 AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x \
//!     ADMIN_TABLE=admin-test cargo test -p admin --features dynamodb
//! ```
//!
//! The table is made anew each time. Without an endpoint in the environment the test refuses to run: it must never
//! touch a real account.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "all of this is a test, and one that cannot go on has to fail"
)]

mod journey;

use std::collections::HashMap;
use std::env;
use std::time::Duration;

use admin::store::{Draft, Picture, Store};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
    TableStatus,
};
use carafe::Bytes;

/// Deletes the table if an earlier run left it, creates it, and waits until it can be used.
async fn fresh_table(client: &Client, table: &str) {
    if client.delete_table().table_name(table).send().await.is_ok() {
        for _ in 0..100 {
            if client.describe_table().table_name(table).send().await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    let attribute =
        |name, kind| AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build();
    let key = |name, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    let whole = "name and type are set";
    client
        .create_table()
        .table_name(table)
        .attribute_definitions(attribute("kind", ScalarAttributeType::S).expect(whole))
        .attribute_definitions(attribute("id", ScalarAttributeType::N).expect(whole))
        .key_schema(key("kind", KeyType::Hash).expect(whole))
        .key_schema(key("id", KeyType::Range).expect(whole))
        .billing_mode(BillingMode::PayPerRequest)
        .send()
        .await
        .expect("the server creates the table");
    for _ in 0..100 {
        let seen = client.describe_table().table_name(table).send().await.expect("the table is known");
        if seen.table().and_then(|table| table.table_status()) == Some(&TableStatus::Active) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the table `{table}` did not become active within five seconds");
}

/// Returns the pictures in the table, whether or not they have a post.
async fn pictures(client: &Client, table: &str) -> Vec<Vec<u8>> {
    let query = client.query().table_name(table).key_condition_expression("kind = :kind");
    let query = query.expression_attribute_values(":kind", AttributeValue::S("picture".to_owned()));
    let found = query.send().await.expect("the table can be read");
    let bytes = |item: &HashMap<String, AttributeValue>| {
        let bytes = item.get("bytes").and_then(|value| value.as_b().ok());
        bytes.expect("a picture has bytes").as_ref().to_vec()
    };
    found.items().iter().map(bytes).collect()
}

/// A post that DynamoDB refuses, because it takes no more than 400 KB, changes no picture; and no picture is shown without its post.
async fn pictures_follow_their_posts(client: &Client, table: &str, store: &Store) {
    let draft = |body: &str, bytes: &'static [u8]| {
        let picture = Picture::New(Bytes::from_static(bytes));
        Draft { title: "Title".to_owned(), body: body.to_owned(), picture }
    };
    let too_long = "x".repeat(500_000);
    let before = pictures(client, table).await;
    assert!(store.add(draft(&too_long, b"new"), "admin").await.is_err());
    assert_eq!(pictures(client, table).await, before);

    let post = store.add(draft("Text", b"one"), "admin").await.expect("the post is kept");
    assert!(store.change(post.id, draft(&too_long, b"two")).await.is_err());
    assert_eq!(store.picture(post.id).await.expect("it can be read").as_deref(), Some(&b"one"[..]));
    let changed = store.change(post.id, draft("Text", b"three")).await.expect("it is kept");
    assert!(changed.is_some_and(|post| post.picture));
    assert_eq!(store.picture(post.id).await.expect("it can be read").as_deref(), Some(&b"three"[..]));

    let key = |kind: &str| {
        let id = AttributeValue::N(post.id.to_string());
        HashMap::from([("kind".to_owned(), AttributeValue::S(kind.to_owned())), ("id".to_owned(), id)])
    };
    let delete = client.delete_item().table_name(table).set_key(Some(key("post")));
    delete.send().await.expect("the post is deleted");
    assert_eq!(store.picture(post.id).await.expect("it can be read"), None);
    assert!(store.change(post.id, draft("Text", b"four")).await.expect("it can be read").is_none());
    assert!(!pictures(client, table).await.contains(&b"four".to_vec()));
    store.delete(post.id).await.expect("it can be deleted");
    assert_eq!(pictures(client, table).await, before);
}

#[test]
fn all_of_it() {
    let endpoint = env::var("AWS_ENDPOINT_URL_DYNAMODB").or_else(|_| env::var("AWS_ENDPOINT_URL"));
    endpoint.expect("AWS_ENDPOINT_URL_DYNAMODB must name a test server; see the top of this file");
    let table = env::var("ADMIN_TABLE").expect("ADMIN_TABLE must name the table to make");

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let open = async || Store::open().await.expect("ADMIN_TABLE is set");
    let (client, app) = runtime.block_on(async {
        let client = Client::new(&aws_config::load_from_env().await);
        fresh_table(&client, &table).await;
        (client, journey::app(open().await))
    });
    journey::walk(&app);
    runtime.block_on(async { pictures_follow_their_posts(&client, &table, &open().await).await });
}
