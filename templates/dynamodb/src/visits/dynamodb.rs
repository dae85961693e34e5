//! Visits in one DynamoDB table, whose only key is the string `page`. Region and credentials come from the usual variables.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use carafe::{Error, Result, abort};

use super::{Answer, Visits};

/// A client and the table it uses.
pub struct Table {
    client: Client,
    name: String,
}

impl Table {
    /// Reads the configuration. Nothing is sent to DynamoDB yet.
    pub async fn open(name: String) -> Table {
        Table {
            client: Client::new(&aws_config::load_from_env().await),
            name,
        }
    }
}

impl Visits for Table {
    fn add<'a>(&'a self, page: &'a str) -> Answer<'a, u64> {
        Box::pin(async move {
            let answer = self
                .client
                .update_item()
                .table_name(&self.name)
                .key("page", AttributeValue::S(page.to_owned()))
                .update_expression("ADD visits :one")
                .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
                .return_values(ReturnValue::UpdatedNew)
                .send()
                .await?;
            count(answer.attributes().ok_or_else(no_number)?)
        })
    }

    fn count<'a>(&'a self, page: &'a str) -> Answer<'a, u64> {
        Box::pin(async move {
            let key = AttributeValue::S(page.to_owned());
            let found = self
                .client
                .get_item()
                .table_name(&self.name)
                .key("page", key)
                .send()
                .await?;
            found.item().map_or(Ok(0), count)
        })
    }
}

fn count(item: &HashMap<String, AttributeValue>) -> Result<u64> {
    let number = item
        .get("visits")
        .and_then(|value| value.as_n().ok())
        .ok_or_else(no_number)?;
    Ok(number.parse()?)
}

/// The client learns nothing of the table: the reason goes to the log.
fn no_number() -> Error {
    abort(500, "Internal Server Error").with_source("the item's attribute `visits` is no number")
}
