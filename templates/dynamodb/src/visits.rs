//! Counts visits of pages, in a table of Amazon DynamoDB or in memory: the routes know only the trait.

mod dynamodb;
mod memory;

pub use memory::Memory;

use std::pin::Pin;
use std::sync::Arc;

use carafe::{App, Feature, Result, State, abort, get, post, routes};

/// What a store promises to answer.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A place where visits are counted.
pub trait Visits: Send + Sync {
    /// Counts one more visit of a page, and returns how many there were.
    fn add<'a>(&'a self, page: &'a str) -> Answer<'a, u64>;

    /// Returns how many visits a page had.
    fn count<'a>(&'a self, page: &'a str) -> Answer<'a, u64>;
}

/// The routes, and the store that they count in.
pub struct Counter(pub Arc<dyn Visits>);

impl Feature for Counter {
    fn attach(self, app: App) -> App {
        app.state_arc::<dyn Visits>(self.0)
            .routes(routes![show, add])
    }
}

#[get("/visits/<page>")]
async fn show(page: &str, visits: State<dyn Visits>) -> Result<u64> {
    visits.count(page).await
}

#[post("/visits/<page>")]
async fn add(page: &str, visits: State<dyn Visits>) -> Result<u64> {
    visits.add(page).await
}

/// Opens the store: the table that `VISITS_TABLE` names. A debug build without the variable counts in memory.
pub async fn open() -> Result<Arc<dyn Visits>> {
    match std::env::var("VISITS_TABLE") {
        Ok(table) => Ok(Arc::new(dynamodb::Table::open(table).await)),
        Err(_) if cfg!(debug_assertions) => Ok(Arc::new(Memory::default())),
        Err(_) => Err(abort(500, "VISITS_TABLE must name a DynamoDB table")),
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::client;

    #[test]
    fn each_page_has_its_own_count() {
        let client = client();
        for expected in ["1", "2"] {
            assert_eq!(client.post("/visits/home").send().text(), expected);
        }
        assert_eq!(client.get("/visits/home").send().text(), "2");
        assert_eq!(client.get("/visits/other").send().text(), "0");
    }
}
