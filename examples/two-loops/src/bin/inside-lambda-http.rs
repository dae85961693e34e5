//! As a service of `lambda_http`, which reads the events and writes the answers itself: for programs that have a stack of its
//! layers. It runs behind a Runtime API only: `carafe-alb -- target/debug/inside-lambda-http`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> carafe::Result {
    let app = two_loops::app().await?;
    Ok(lambda_http::run(app.into_service()?).await?)
}
