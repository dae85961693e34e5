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

    /// Returns the picture of a post that has one. Where somebody saves a post while another deletes it, a picture may stay without
    /// its post: nobody gets to see that.
    pub async fn picture(&self, id: u64) -> Result<Option<Bytes>> {
        if self.get(id).await?.is_none_or(|post| !post.picture) {
            return Ok(None);
        }
        let mut item = self.item("picture", id).await?.unwrap_or_default();
        let Some(AttributeValue::B(bytes)) = item.remove("bytes") else { return Ok(None) };
        Ok(Some(bytes.into_inner().into()))
    }

    /// Adds a post under the next number. The picture comes after it, so that a post that is refused leaves none.
    pub async fn add(&self, draft: Draft, author: &str) -> Result<Post> {
        let count = self.client.update_item().table_name(&self.table).set_key(Some(key("counter", 0)));
        let count = count.update_expression("ADD #last :one").expression_attribute_names("#last", "last");
        let count =
            count.expression_attribute_values(":one", number(1)).return_values(ReturnValue::UpdatedNew);
        let id = read_number(&count.send().await?.attributes.unwrap_or_default(), "last")?;
        let there = draft.picture.is_there().unwrap_or_default();
        let post =
            Post { id, title: draft.title, body: draft.body, author: author.to_owned(), picture: there };
        let put = self.client.put_item().table_name(&self.table).set_item(Some(key("post", id)));
        let put = put.item("title", text(&post.title)).item("body", text(&post.body));
        put.item("author", text(author)).item("picture", AttributeValue::Bool(there)).send().await?;
        self.keep(id, draft.picture).await?;
        Ok(post)
    }

    /// Changes a post, if it is still there.
    pub async fn change(&self, id: u64, draft: Draft) -> Result<Option<Post>> {
        let picture = draft.picture.is_there();
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
        let changed = match update.send().await.map_err(SdkError::into_service_error) {
            Ok(changed) => changed,
            // Somebody has deleted it meanwhile.
            Err(error) if error.is_conditional_check_failed_exception() => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        self.keep(id, draft.picture).await?;
        changed.attributes().map(read).transpose()
    }

    /// Deletes a post with its picture, and returns it if it was there. The post goes last: as long as it is listed, whoever was told of
    /// a failure can delete it again.
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

    /// Does with the picture what is asked for.
    async fn keep(&self, id: u64, picture: Picture) -> Result<()> {
        match picture {
            Picture::AsItIs => Ok(()),
            Picture::None => self.remove("picture", id).await.map(drop),
            Picture::New(bytes) => {
                let put = self.client.put_item().table_name(&self.table).set_item(Some(key("picture", id)));
                put.item("bytes", AttributeValue::B(Blob::new(bytes))).send().await?;
                Ok(())
            }
        }
    }
}

impl Picture {
    /// Returns whether there is one afterwards; `None` if that stays as it is.
    fn is_there(&self) -> Option<bool> {
        match self {
            Picture::AsItIs => None,
            Picture::None => Some(false),
            Picture::New(_) => Some(true),
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
