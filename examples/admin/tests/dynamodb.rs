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

use std::env;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, TableStatus,
};

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

#[test]
fn all_of_it() {
    let endpoint = env::var("AWS_ENDPOINT_URL_DYNAMODB").or_else(|_| env::var("AWS_ENDPOINT_URL"));
    endpoint.expect("AWS_ENDPOINT_URL_DYNAMODB must name a test server; see the top of this file");
    let table = env::var("ADMIN_TABLE").expect("ADMIN_TABLE must name the table to make");

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let app = runtime.block_on(async {
        let client = Client::new(&aws_config::load_from_env().await);
        fresh_table(&client, &table).await;
        journey::app(admin::store::Store::open().await.expect("ADMIN_TABLE is set"))
    });
    journey::walk(&app);
}
