//! The pictures of posts, for everybody.

use carafe::{File, FileKind, Result, State, get};

use crate::store::Store;

/// The end of a file's name says what it is.
#[get("/pictures/<id>")]
pub(crate) async fn show(id: u64, store: State<Store>) -> Result<Option<File>> {
    let Some(picture) = store.picture(id).await? else { return Ok(None) };
    let extension = FileKind::of(&picture).map_or("bin", FileKind::extension);
    Ok(Some(File::new(format!("{id}.{extension}"), picture)))
}
