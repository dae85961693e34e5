//! What every bootstrap serves: the same types, the same large bodies, and the runtime that is asked for.
//! Routes and glue are each bootstrap's own.

use std::hint::black_box;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// How many routes there are beside those that are asked for.
pub const FILLERS: usize = 30;

/// Bytes of text that `/big` answers.
pub const BIG: usize = 500_000;

/// Bytes that `/bin` answers.
pub const BIN: usize = 200_000;

/// Half a megabyte of text with line ends and quotes in it.
pub fn big() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let mut text = String::with_capacity(BIG + 80);
        let mut line = 0_u32;
        while text.len() < BIG {
            text.push_str(&format!("{line:05}: She said \"pour it slowly\", and so they did.\n"));
            line += 1;
        }
        text.truncate(BIG);
        text
    })
}

/// Bytes that are no text.
pub fn bin() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let mut state = 0x2545_f491_u32;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_le_bytes()[0]
        };
        // 0xff is in no UTF-8 text.
        std::iter::once(0xff).chain(std::iter::repeat_with(&mut next)).take(BIN).collect()
    })
}

/// What `/search` answers.
#[derive(Debug, Serialize)]
pub struct Found {
    pub q: String,
    pub page: u32,
    pub tag: Vec<String>,
}

impl Found {
    /// From decoded query parameters, for those whose framework leaves that to the handler.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Found {
        let mut found = Found { q: String::new(), page: 1, tag: Vec::new() };
        for (name, value) in pairs {
            match name {
                "q" => value.clone_into(&mut found.q),
                "page" => found.page = value.parse().unwrap_or(1),
                "tag" => found.tag.push(value.to_owned()),
                _ => {}
            }
        }
        found
    }
}

/// What is posted to `/posts`, and comes back with an id.
#[derive(Debug, Deserialize, Serialize)]
pub struct Post {
    #[serde(default)]
    pub id: u32,
    pub title: String,
    pub slug: String,
    pub author: String,
    pub email: String,
    pub category: String,
    pub tags: String,
    pub summary: String,
    pub body: String,
    pub published: bool,
    pub rating: f64,
}

impl Post {
    #[must_use]
    pub fn saved(self) -> Post {
        Post { id: 1, ..self }
    }
}

/// One line of an [`Order`].
#[derive(Debug, Deserialize, Serialize)]
pub struct Item {
    pub sku: String,
    pub title: String,
    pub quantity: u32,
    pub price: f64,
}

/// Where an [`Order`] goes.
#[derive(Debug, Deserialize)]
pub struct Address {
    pub street: String,
    pub city: String,
    pub postcode: String,
    pub country: String,
}

/// What is posted to `/orders`.
#[derive(Debug, Deserialize)]
pub struct Order {
    pub id: u64,
    pub name: String,
    pub email: String,
    pub gift: bool,
    pub discount: f64,
    pub tags: Vec<String>,
    pub address: Address,
    pub items: Vec<Item>,
    pub note: String,
}

/// What `/orders` answers.
#[derive(Debug, Serialize)]
pub struct Receipt {
    pub id: u64,
    pub name: String,
    pub count: usize,
    pub total: f64,
    pub tags: Vec<String>,
    pub items: Vec<Item>,
}

impl From<Order> for Receipt {
    fn from(order: Order) -> Receipt {
        let address = &order.address;
        black_box((&order.email, order.gift, order.discount, &order.note));
        black_box((&address.street, &address.city, &address.postcode, &address.country));
        Receipt {
            id: order.id,
            name: order.name,
            count: order.items.len(),
            total: order.items.iter().map(|item| f64::from(item.quantity) * item.price).sum(),
            tags: order.tags,
            items: order.items,
        }
    }
}

/// Whether the peers are to run on one thread; `#[tokio::main]`, which people write, takes all there are.
pub fn on_one_thread() -> bool {
    std::env::var_os("BENCH_RUNTIME").is_some_and(|kind| kind == "current_thread")
}
