//! Posts in one Amazon DynamoDB table, with the partition key `kind`, a text, and the sort key `id`, a number.
//!
//! `post`, `picture` and `counter` are the kinds, so that a query for posts reads no pictures. The table's name comes from
//! `ADMIN_TABLE`. Region, credentials and a server other than Amazon's (`AWS_ENDPOINT_URL_DYNAMODB`) come from the usual
//! variables, which the SDK reads itself.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use carafe::{Bytes, Result};
use serde::Deserialize;

use super::{Draft, Picture, Post};

type Item = HashMap<String, AttributeValue>;

/// A client and the table it uses. Each function fails where DynamoDB refuses or cannot be reached.
#[derive(Clone, Debug)]
pub struct Store {
    client: Client,
    table: String,
}

#[derive(Deserialize)]
struct Settings {
    admin_table: String,
}

impl Store {
    /// Reads the settings. Nothing is sent to DynamoDB yet.
    pub async fn open() -> Result<Store> {
        let Settings { admin_table: table } = carafe::settings()?;
        Ok(Store { client: Client::new(&aws_config::load_from_env().await), table })
    }

    /// Returns all posts, newest first. It reads all of them, which is right for some hundreds.
    pub async fn list(&self) -> Result<Vec<Post>> {
        let query = self.client.query().table_name(&self.table).key_condition_expression("kind = :kind");
        let query = query.expression_attribute_values(":kind", text("post")).consistent_read(true);
        let mut items = query.scan_index_forward(false).into_paginator().items().send();
        let mut posts = Vec::new();
        while let Some(item) = items.next().await {
            posts.push(read(&item?)?);
        }
        Ok(posts)
    }

    /// Returns one post.
    pub async fn get(&self, id: u64) -> Result<Option<Post>> {
        self.item("post", id).await?.as_ref().map(read).transpose()
    }

    /// Returns the picture of a post.
    pub async fn picture(&self, id: u64) -> Result<Option<Bytes>> {
        let mut item = self.item("picture", id).await?.unwrap_or_default();
        let Some(AttributeValue::B(bytes)) = item.remove("bytes") else { return Ok(None) };
        Ok(Some(bytes.into_inner().into()))
    }

    /// Adds a post under the next number.
    pub async fn add(&self, draft: Draft, author: &str) -> Result<Post> {
        let count = self.client.update_item().table_name(&self.table).set_key(Some(key("counter", 0)));
        let count = count.update_expression("ADD #last :one").expression_attribute_names("#last", "last");
        let count =
            count.expression_attribute_values(":one", number(1)).return_values(ReturnValue::UpdatedNew);
        let id = read_number(&count.send().await?.attributes.unwrap_or_default(), "last")?;
        let picture = self.keep(id, draft.picture).await?.unwrap_or_default();
        let post = Post { id, title: draft.title, body: draft.body, author: author.to_owned(), picture };
        let put = self.client.put_item().table_name(&self.table).set_item(Some(key("post", id)));
        let put = put.item("title", text(&post.title)).item("body", text(&post.body));
        put.item("author", text(author)).item("picture", AttributeValue::Bool(picture)).send().await?;
        Ok(post)
    }

    /// Changes a post, if it is still there.
    pub async fn change(&self, id: u64, draft: Draft) -> Result<Option<Post>> {
        let picture = self.keep(id, draft.picture).await?;
        let update = self.client.update_item().table_name(&self.table).set_key(Some(key("post", id)));
        let update = update.update_expression(match picture {
            Some(_) => "SET title = :title, body = :body, picture = :picture",
            None => "SET title = :title, body = :body",
        });
        let update = update.condition_expression("attribute_exists(id)").return_values(ReturnValue::AllNew);
        let mut values =
            Item::from([(":title".into(), text(&draft.title)), (":body".into(), text(&draft.body))]);
        values.extend(picture.map(|there| (":picture".into(), AttributeValue::Bool(there))));
        let update = update.set_expression_attribute_values(Some(values));
        match update.send().await.map_err(SdkError::into_service_error) {
            Ok(changed) => changed.attributes().map(read).transpose(),
            // Somebody has deleted it meanwhile.
            Err(error) if error.is_conditional_check_failed_exception() => {
                self.remove("picture", id).await.map(|_| None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes a post with its picture, and returns it if it was there.
    pub async fn delete(&self, id: u64) -> Result<Option<Post>> {
        self.remove("picture", id).await?;
        self.remove("post", id).await?.as_ref().map(read).transpose()
    }

    async fn item(&self, kind: &str, id: u64) -> Result<Option<Item>> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(key(kind, id)));
        Ok(get.consistent_read(true).send().await?.item)
    }

    async fn remove(&self, kind: &str, id: u64) -> Result<Option<Item>> {
        let delete = self.client.delete_item().table_name(&self.table).set_key(Some(key(kind, id)));
        Ok(delete.return_values(ReturnValue::AllOld).send().await?.attributes)
    }

    /// Does with the picture what is asked for, and returns whether there is one if that may have changed.
    async fn keep(&self, id: u64, picture: Picture) -> Result<Option<bool>> {
        match picture {
            Picture::AsItIs => Ok(None),
            Picture::None => self.remove("picture", id).await.map(|_| Some(false)),
            Picture::New(bytes) => {
                let put = self.client.put_item().table_name(&self.table).set_item(Some(key("picture", id)));
                put.item("bytes", AttributeValue::B(Blob::new(bytes))).send().await?;
                Ok(Some(true))
            }
        }
    }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

fn key(kind: &str, id: u64) -> Item {
    Item::from([("kind".to_owned(), text(kind)), ("id".to_owned(), number(id))])
}

fn read(item: &Item) -> Result<Post> {
    Ok(Post {
        id: read_number(item, "id")?,
        title: read_text(item, "title")?,
        body: read_text(item, "body")?,
        author: read_text(item, "author")?,
        picture: item.get("picture").and_then(|value| value.as_bool().ok()).copied().unwrap_or_default(),
    })
}

fn read_number(item: &Item, name: &str) -> Result<u64> {
    let text = item.get(name).and_then(|value| value.as_n().ok());
    Ok(text.ok_or_else(|| missing(name))?.parse()?)
}

fn read_text(item: &Item, name: &str) -> Result<String> {
    item.get(name).and_then(|value| value.as_s().ok()).cloned().ok_or_else(|| missing(name))
}

/// A 500; the reason goes to the log.
fn missing(name: &str) -> carafe::Error {
    std::io::Error::other(format!("the item's attribute `{name}` is missing or of another type")).into()
}
