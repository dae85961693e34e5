//! Uploads into a bucket, and a link to what is in it; the environment says where it is.

use carafe::{App, Bucket, BucketLink, DirectUpload, KB, State, Uploaded, get, routes};

#[get("/photos/new")]
fn new_photo(bucket: State<Bucket>) -> DirectUpload {
    bucket.upload("tmp/").at_most(100 * KB).types(["image/png"]).then(add_photo::url())
}

#[get("/photos/add")]
fn add_photo(photo: Uploaded) -> String {
    format!("{} {} {}", photo.bucket(), photo.key(), photo.max_bytes())
}

#[get("/report")]
fn report(bucket: State<Bucket>) -> BucketLink {
    bucket.link("reports/größe 7+.txt").download_as("Report.txt")
}

fn main() -> carafe::Result {
    carafe::run(
        App::new()
            .secret_from("APP_SECRET")
            .state(Bucket::new("acme"))
            .routes(routes![new_photo, add_photo, report]),
    )
}
