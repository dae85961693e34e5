//! Posts in the memory of this process: gone when it ends, and not shared between copies of a function.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use carafe::{Bytes, Result};

use super::{Draft, Picture, Post};

/// Posts and pictures by number.
#[derive(Debug, Default)]
pub struct Store(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    last: u64,
    posts: BTreeMap<u64, Post>,
    pictures: BTreeMap<u64, Bytes>,
}

// The functions are async and return a `Result` because those of the other store have to.
impl Store {
    /// Makes an empty store. It fails where `ADMIN_TABLE` is set, so that posts are wanted in a table.
    pub async fn open() -> Result<Store> {
        if std::env::var_os("ADMIN_TABLE").is_some_and(|table| !table.is_empty()) {
            let what = "`ADMIN_TABLE` is set, and this build keeps posts in memory: build it with `--features dynamodb`";
            return Err(what.into());
        }
        Ok(Store::default())
    }

    /// Returns all posts, newest first.
    pub async fn list(&self) -> Result<Vec<Post>> {
        Ok(self.kept().posts.values().rev().cloned().collect())
    }

    /// Returns one post.
    pub async fn get(&self, id: u64) -> Result<Option<Post>> {
        Ok(self.kept().posts.get(&id).cloned())
    }

    /// Returns the picture of a post.
    pub async fn picture(&self, id: u64) -> Result<Option<Bytes>> {
        Ok(self.kept().pictures.get(&id).cloned())
    }

    /// Adds a post under the next number.
    pub async fn add(&self, draft: Draft, author: &str) -> Result<Post> {
        let mut kept = self.kept();
        kept.last += 1;
        let (id, author) = (kept.last, author.to_owned());
        let post = Post { id, title: String::new(), body: String::new(), author, picture: false };
        Ok(kept.put(post, draft))
    }

    /// Changes a post, if it is still there.
    pub async fn change(&self, id: u64, draft: Draft) -> Result<Option<Post>> {
        let mut kept = self.kept();
        let post = kept.posts.get(&id).cloned();
        Ok(post.map(|post| kept.put(post, draft)))
    }

    /// Deletes a post with its picture, and returns it if it was there.
    pub async fn delete(&self, id: u64) -> Result<Option<Post>> {
        let mut kept = self.kept();
        kept.pictures.remove(&id);
        Ok(kept.posts.remove(&id))
    }

    /// A panic elsewhere leaves the posts as they were: no change to them is ever half done.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn put(&mut self, mut post: Post, draft: Draft) -> Post {
        post.title = draft.title;
        post.body = draft.body;
        match draft.picture {
            Picture::AsItIs => {}
            Picture::None => drop(self.pictures.remove(&post.id)),
            Picture::New(bytes) => drop(self.pictures.insert(post.id, bytes)),
        }
        post.picture = self.pictures.contains_key(&post.id);
        self.posts.insert(post.id, post.clone());
        post
    }
}
