//! Notes in PostgreSQL. The table is in `schema.sql`; `DATABASE_URL` says where the server is.

use std::time::Duration;

use carafe::{App, Result, State, StatusCode, abort, get, post, routes};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use serde::Serialize;
use tokio_postgres::{NoTls, Row};

#[derive(Serialize)]
struct Note {
    id: i64,
    text: String,
}

fn note(row: &Row) -> Result<Note> {
    Ok(Note { id: row.try_get("id")?, text: row.try_get("text")? })
}

#[post("/notes")]
async fn add(text: String, pool: State<Pool>) -> Result<(StatusCode, Note)> {
    let client = pool.get().await?;
    let insert = client.prepare_cached("INSERT INTO notes (text) VALUES ($1) RETURNING id, text").await?;
    Ok((StatusCode::CREATED, note(&client.query_one(&insert, &[&text]).await?)?))
}

#[get("/notes/<id>")]
async fn read(id: i64, pool: State<Pool>) -> Result<Note> {
    let client = pool.get().await?;
    let select = client.prepare_cached("SELECT id, text FROM notes WHERE id = $1").await?;
    let found = client.query_opt(&select, &[&id]).await?;
    note(&found.ok_or_else(|| abort(404, format!("No note {id}")))?)
}

fn pool(url: &str) -> Result<Pool> {
    let method = ManagerConfig { recycling_method: RecyclingMethod::Verified };
    let pool = Pool::builder(Manager::from_config(url.parse()?, NoTls, method))
        .max_size(1) // a copy of the function answers one request at a time
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(Duration::from_secs(5))) // for a connection of the pool
        .create_timeout(Some(Duration::from_secs(5))) // for a new one
        .recycle_timeout(Some(Duration::from_secs(2))); // for an old one to say that it is alive
    Ok(pool.build()?)
}

async fn app() -> Result<App> {
    let url = std::env::var("DATABASE_URL").map_err(|_| abort(500, "DATABASE_URL must name a database"))?;
    Ok(App::new().state(pool(&url)?).routes(routes![add, read]))
}

fn main() -> carafe::Result {
    carafe::run(app)
}
