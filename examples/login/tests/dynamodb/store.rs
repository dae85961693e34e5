use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::AttributeValue;
use carafe::{Result, SessionStore};

/// Sessions in a table whose key is the text `id` and whose time to live is in `expires`.
pub struct Sessions {
    pub client: Client,
    pub table: String,
}

impl Sessions {
    async fn put(&self, id: &str, data: &str, expires: SystemTime, condition: &str) -> Result<bool> {
        let expires = expires.duration_since(UNIX_EPOCH)?.as_secs().to_string();
        let item = self.client.put_item().table_name(&self.table).condition_expression(condition);
        let item = item.item("id", AttributeValue::S(id.into())).item("data", AttributeValue::S(data.into()));
        match item
            .item("expires", AttributeValue::N(expires))
            .send()
            .await
            .map_err(SdkError::into_service_error)
        {
            Ok(_) => Ok(true),
            Err(error) if error.is_conditional_check_failed_exception() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

impl SessionStore for Sessions {
    async fn load(&self, id: &str) -> Result<Option<String>> {
        let get = self.client.get_item().table_name(&self.table).consistent_read(true);
        let got = get.key("id", AttributeValue::S(id.into())).send().await?;
        Ok(got.item.and_then(|mut item| item.remove("data")).and_then(|data| data.as_s().ok().cloned()))
    }

    async fn create(&self, id: &str, data: &str, expires: SystemTime) -> Result<bool> {
        self.put(id, data, expires, "attribute_not_exists(id)").await
    }

    async fn save(&self, id: &str, data: &str, expires: SystemTime) -> Result<bool> {
        self.put(id, data, expires, "attribute_exists(id)").await
    }

    async fn delete(&self, id: &str) -> Result {
        let delete = self.client.delete_item().table_name(&self.table);
        delete.key("id", AttributeValue::S(id.into())).send().await?;
        Ok(())
    }
}
