//! Searching posts, page by page.

use carafe::Result;
use serde::Serialize;

use crate::store::{Post, Store};

const PAGE: usize = 10;

/// One page of the posts that were found, newest first: for a template and as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct Listing {
    q: String,
    page: usize,
    pages: usize,
    total: usize,
    posts: Vec<Post>,
}

impl Listing {
    /// Finds the posts that have all words of `q`. A page that is not there is the last one.
    pub(crate) async fn of(store: &Store, q: Option<String>, page: Option<usize>) -> Result<Listing> {
        let q = q.unwrap_or_default();
        let words: Vec<String> = q.split_whitespace().map(str::to_lowercase).collect();
        let mut posts = store.list().await?;
        posts.retain(|post| {
            let text = format!("{} {}", post.title, post.body).to_lowercase();
            words.iter().all(|word| text.contains(word))
        });
        let (total, pages) = (posts.len(), posts.len().div_ceil(PAGE).max(1));
        let page = page.unwrap_or(1).clamp(1, pages);
        let posts = posts.into_iter().skip((page - 1) * PAGE).take(PAGE).collect();
        Ok(Listing { q, page, pages, total, posts })
    }
}
