//! Sessions in DynamoDB, by the store of the guide. It needs a server that speaks DynamoDB's protocol, and fails without
//! one:
//!
//! ```text
//! npx dynalite@4.0.0 --host 127.0.0.1 --port 4567
//! AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:4567 AWS_REGION=eu-west-1 AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x \
//!     cargo test -p login --features dynamodb
//! ```
//!
//! The table is made anew each time. Without an endpoint in the environment the test refuses to run: it must never touch
//! a real account.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "all of this is a test, and one that cannot go on has to fail"
)]

#[expect(unreachable_pub, reason = "as the guide has it, for a module of a program")]
#[path = "dynamodb/store.rs"]
mod store;

use std::env;
use std::time::{Duration, SystemTime};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, TableStatus,
};
use carafe::{App, Session, SessionStore, get, post, routes};
use store::Sessions;

const TABLE: &str = "sessions-test";

/// Deletes the table if an earlier run left it, creates it, and waits until it can be used.
async fn fresh_table(client: &Client) {
    if client.delete_table().table_name(TABLE).send().await.is_ok() {
        for _ in 0..100 {
            if client.describe_table().table_name(TABLE).send().await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    let id = AttributeDefinition::builder().attribute_name("id").attribute_type(ScalarAttributeType::S);
    let key = KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash);
    client
        .create_table()
        .table_name(TABLE)
        .attribute_definitions(id.build().expect("name and type are set"))
        .key_schema(key.build().expect("name and type are set"))
        .billing_mode(BillingMode::PayPerRequest)
        .send()
        .await
        .expect("the server creates the table");
    for _ in 0..100 {
        let seen = client.describe_table().table_name(TABLE).send().await.expect("the table is known");
        if seen.table().and_then(|table| table.table_status()) == Some(&TableStatus::Active) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the table did not become active within five seconds");
}

#[post("/login/<name>")]
fn login(name: String, session: Session<String>) -> carafe::Result {
    session.set(name)
}

#[post("/rename/<name>")]
fn rename(name: String, session: Session<String>) -> carafe::Result {
    session.update(|own| *own = name)
}

#[get("/")]
fn who(session: Session<String>) -> String {
    format!("{:?}", session.get())
}

#[post("/logout")]
fn logout(session: Session<String>) -> carafe::Result {
    session.clear()
}

#[test]
fn sessions_are_kept_and_ended() {
    let endpoint = env::var("AWS_ENDPOINT_URL_DYNAMODB").or_else(|_| env::var("AWS_ENDPOINT_URL"));
    endpoint.expect("AWS_ENDPOINT_URL_DYNAMODB must name a test server; see the top of this file");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let client = runtime.block_on(async {
        let client = Client::new(&aws_config::load_from_env().await);
        fresh_table(&client).await;
        let store = Sessions { client: client.clone(), table: TABLE.to_owned() };
        let end = SystemTime::now() + Duration::from_secs(60);
        assert_eq!(store.load("a").await.unwrap(), None);
        assert!(!store.save("a", "0", end).await.unwrap(), "there is nothing to replace");
        assert_eq!(store.load("a").await.unwrap(), None);
        assert!(store.create("a", "1", end).await.unwrap());
        assert!(!store.create("a", "2", end).await.unwrap(), "the id is taken");
        assert_eq!(store.load("a").await.unwrap().as_deref(), Some("1"));
        assert!(store.save("a", "3", end).await.unwrap());
        assert_eq!(store.load("a").await.unwrap().as_deref(), Some("3"));
        let item = client.get_item().table_name(TABLE);
        let item =
            item.key("id", aws_sdk_dynamodb::types::AttributeValue::S("a".to_owned())).send().await.unwrap();
        let expires: u64 = item.item.unwrap()["expires"].as_n().unwrap().parse().unwrap();
        assert_eq!(expires, end.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs());
        store.delete("a").await.unwrap();
        store.delete("a").await.unwrap();
        assert_eq!(store.load("a").await.unwrap(), None);
        client
    });
    drop(runtime);

    let app = || {
        App::new()
            .secret_from("APP_SECRET")
            .session_store(Sessions { client: client.clone(), table: TABLE.to_owned() })
            .routes(routes![login, rename, who, logout])
    };
    let (browser, elsewhere) = (app().test(), app().test());
    assert_eq!(browser.post("/login/Ann").send().status(), 204);
    let copy = browser.cookie("__Host-session").unwrap();
    let seen = || elsewhere.get("/").cookie("__Host-session", &copy).send().text().to_owned();
    assert_eq!(seen(), "Some(\"Ann\")");
    browser.post("/rename/Bob").send();
    assert_eq!((seen().as_str(), browser.get("/").send().text()), ("Some(\"Bob\")", "Some(\"Bob\")"));
    browser.post("/logout").send();
    assert_eq!(seen(), "None");
    let outage = App::new()
        .secret_from("APP_SECRET")
        .session_store(Sessions { client, table: "no-such-table".to_owned() })
        .routes(routes![who]);
    assert_eq!(outage.test().get("/").cookie("__Host-session", &copy).send().status(), 500);
}
