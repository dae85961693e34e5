//! Posts in one Amazon DynamoDB table, whose only key is the number `id`.
//!
//! The table's name comes from `POSTS_TABLE`. Region, credentials and a server other than Amazon's
//! (`AWS_ENDPOINT_URL` or `AWS_ENDPOINT_URL_DYNAMODB`) come from the usual variables, which the SDK reads itself.
//! The item with `id` 0 is no post but counts them.

use std::collections::HashMap;
use std::env;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use carafe::{Result, abort};

use super::Post;

type Item = HashMap<String, AttributeValue>;

const COUNTER: u64 = 0;

/// A client and the table it uses.
#[derive(Clone, Debug)]
pub struct Store {
    client: Client,
    table: String,
}

impl Store {
    /// Reads the configuration. Nothing is sent to DynamoDB yet.
    ///
    /// # Errors
    ///
    /// `POSTS_TABLE` is not set.
    pub async fn open() -> Result<Store> {
        let table =
            env::var("POSTS_TABLE").map_err(|_| abort(500, "POSTS_TABLE must name a DynamoDB table"))?;
        let config = aws_config::load_from_env().await;
        Ok(Store { client: Client::new(&config), table })
    }

    /// Adds a post under the next number.
    ///
    /// # Errors
    ///
    /// DynamoDB refused or could not be reached.
    pub async fn add(&self, title: String, body: String) -> Result<Post> {
        let counted = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("id", number(COUNTER))
            .update_expression("ADD #last :one")
            .expression_attribute_names("#last", "last")
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await?;
        let id = read_number(counted.attributes(), "last")?;
        let post = Post { id, title, body };
        self.client
            .put_item()
            .table_name(&self.table)
            .item("id", number(id))
            .item("title", AttributeValue::S(post.title.clone()))
            .item("body", AttributeValue::S(post.body.clone()))
            .send()
            .await?;
        Ok(post)
    }

    /// All posts, oldest first. It reads the whole table, which is right for few posts only.
    ///
    /// # Errors
    ///
    /// DynamoDB refused or could not be reached, or an item is no post.
    pub async fn list(&self) -> Result<Vec<Post>> {
        let mut items = self
            .client
            .scan()
            .table_name(&self.table)
            .filter_expression("id <> :counter")
            .expression_attribute_values(":counter", number(COUNTER))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let mut posts = Vec::new();
        while let Some(item) = items.next().await {
            posts.push(read_post(&item?)?);
        }
        posts.sort_by_key(|post| post.id);
        Ok(posts)
    }

    /// One post.
    ///
    /// # Errors
    ///
    /// DynamoDB refused or could not be reached, or the item is no post.
    pub async fn get(&self, id: u64) -> Result<Option<Post>> {
        if id == COUNTER {
            return Ok(None);
        }
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("id", number(id))
            .consistent_read(true)
            .send()
            .await?;
        found.item().map(read_post).transpose()
    }

    /// Deletes a post and says whether there was one.
    ///
    /// # Errors
    ///
    /// DynamoDB refused or could not be reached.
    pub async fn delete(&self, id: u64) -> Result<bool> {
        if id == COUNTER {
            return Ok(false);
        }
        let gone = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key("id", number(id))
            .return_values(ReturnValue::AllOld)
            .send()
            .await?;
        Ok(gone.attributes().is_some())
    }
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

fn read_post(item: &Item) -> Result<Post> {
    Ok(Post {
        id: read_number(Some(item), "id")?,
        title: read_text(item, "title")?,
        body: read_text(item, "body")?,
    })
}

fn read_number(item: Option<&Item>, name: &str) -> Result<u64> {
    let text = item.and_then(|item| item.get(name)).and_then(|value| value.as_n().ok());
    Ok(text.ok_or_else(|| missing(name))?.parse()?)
}

fn read_text(item: &Item, name: &str) -> Result<String> {
    item.get(name).and_then(|value| value.as_s().ok()).cloned().ok_or_else(|| missing(name))
}

/// The client learns nothing of the table: the reason goes to the log.
fn missing(name: &str) -> carafe::Error {
    abort(500, "Internal Server Error")
        .with_source(format!("the item's attribute `{name}` is missing or of another type"))
}
