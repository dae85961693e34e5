use carafe::embed;

fn main() {
    embed!();
    embed!(static);
    embed!("no/such/folder");
    embed!("src", limit = 6);
    embed!("src", limit = "6 GB");
    embed!("src", gzip = on);
    embed!("src", brotli = off);
    embed!("src" limit = "6 MB");
}
