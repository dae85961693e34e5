//! Posts in the memory of this process: gone when it ends, and on Lambda not shared between its copies.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use carafe::Result;

use super::Post;

/// Posts by number.
#[derive(Debug, Default)]
pub struct Store(Mutex<Posts>);

#[derive(Debug, Default)]
struct Posts {
    last: u64,
    by_id: BTreeMap<u64, Post>,
}

// The functions are async only because those of the other store have to be.
impl Store {
    /// An empty store.
    ///
    /// # Errors
    ///
    /// `POSTS_TABLE` is set, so that posts are wanted in a table.
    pub async fn open() -> Result<Store> {
        if std::env::var_os("POSTS_TABLE").is_some_and(|table| !table.is_empty()) {
            let what = "`POSTS_TABLE` is set, and this build keeps posts in memory: build it with `--features dynamodb`";
            return Err(what.into());
        }
        Ok(Store::default())
    }

    /// Adds a post under the next number.
    ///
    /// # Errors
    ///
    /// None.
    pub async fn add(&self, title: String, body: String) -> Result<Post> {
        let mut posts = self.posts();
        posts.last += 1;
        let post = Post { id: posts.last, title, body };
        posts.by_id.insert(post.id, post.clone());
        Ok(post)
    }

    /// All posts, oldest first.
    ///
    /// # Errors
    ///
    /// None.
    pub async fn list(&self) -> Result<Vec<Post>> {
        Ok(self.posts().by_id.values().cloned().collect())
    }

    /// One post.
    ///
    /// # Errors
    ///
    /// None.
    pub async fn get(&self, id: u64) -> Result<Option<Post>> {
        Ok(self.posts().by_id.get(&id).cloned())
    }

    /// Deletes a post and says whether there was one.
    ///
    /// # Errors
    ///
    /// None.
    pub async fn delete(&self, id: u64) -> Result<bool> {
        Ok(self.posts().by_id.remove(&id).is_some())
    }

    /// A panic elsewhere leaves the list as it was: no change to it is ever half done.
    fn posts(&self) -> MutexGuard<'_, Posts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
