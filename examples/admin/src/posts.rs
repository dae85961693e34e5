//! The pages of posts: list, form, and what is asked before one is deleted.

use carafe::{
    Error, FilledForm, Flash, Form, LoggedIn, Redirect, Result, Routes, State, Template, Upload, catch,
    catchers, get, post, routes,
};
use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::listing::Listing;
use crate::store::{Draft, Picture, Post, Store};
use crate::users::Account;
use crate::validation;

#[derive(Deserialize, Validate)]
struct PostForm {
    #[garde(custom(validation::text(80)))]
    title: String,
    #[garde(custom(validation::text(5_000)))]
    body: String,
    #[garde(inner(custom(validation::picture)))]
    picture: Option<Upload>,
    #[garde(skip)]
    remove_picture: bool,
}

impl From<PostForm> for Draft {
    fn from(form: PostForm) -> Draft {
        let picture = match form.picture {
            Some(file) => Picture::New(file.bytes().clone()),
            None if form.remove_picture => Picture::None,
            None => Picture::AsItIs,
        };
        Draft { title: form.title, body: form.body, picture }
    }
}

/// What the template of the form gets: the texts and faults of its fields, and the post if there is one already.
#[derive(Serialize)]
struct Edit {
    form: FilledForm,
    post: Option<Post>,
}

fn page(form: FilledForm, post: Option<Post>) -> Template {
    Template::new("edit.html", Edit { form, post })
}

#[get("/posts")]
pub(crate) async fn list(q: Option<String>, page: Option<usize>, store: State<Store>) -> Result<Template> {
    Ok(Template::new("list.html", Listing::of(&store, q, page).await?))
}

#[get("/posts/new")]
fn new() -> Template {
    page(FilledForm::default(), None)
}

#[post("/posts/new")]
async fn create(
    form: Result<Form<PostForm>>,
    account: LoggedIn<Account>,
    store: State<Store>,
    flash: Flash,
) -> Result<Redirect> {
    let Form(form) = form.map_err(|refused| refused.show(|form| page(form, None)))?;
    let post = store.add(form.into(), &account.name).await?;
    flash.success(format!("“{}” is published", post.title))?;
    Ok(Redirect::to(list::url()))
}

#[get("/posts/<id>")]
async fn edit(id: u64, store: State<Store>) -> Result<Option<Template>> {
    let Some(post) = store.get(id).await? else { return Ok(None) };
    Ok(Some(page(FilledForm::of(&post)?, Some(post))))
}

#[post("/posts/<id>")]
async fn save(
    id: u64,
    form: Result<Form<PostForm>>,
    store: State<Store>,
    flash: Flash,
) -> Result<Option<Redirect>> {
    let Some(post) = store.get(id).await? else { return Ok(None) };
    let Form(form) = form.map_err(|refused| refused.show(|form| page(form, Some(post))))?;
    let Some(post) = store.change(id, form.into()).await? else { return Ok(None) };
    flash.success(format!("“{}” is saved", post.title))?;
    Ok(Some(Redirect::to(list::url())))
}

/// Asks first: a link deletes nothing.
#[get("/posts/<id>/delete")]
async fn confirm(id: u64, store: State<Store>) -> Result<Option<Template>> {
    Ok(store.get(id).await?.map(|post| Template::new("delete.html", post)))
}

#[post("/posts/<id>/delete")]
async fn delete(id: u64, store: State<Store>, flash: Flash) -> Result<Option<Redirect>> {
    let Some(post) = store.delete(id).await? else { return Ok(None) };
    flash.info(format!("“{}” is deleted", post.title))?;
    Ok(Some(Redirect::to(list::url())))
}

/// Any error of these pages, in their looks.
#[catch(default)]
fn failed(error: &Error) -> Template {
    Template::new("error.html", error.form())
}

pub(crate) fn routes() -> Routes {
    routes![list, new, create, edit, save, confirm, delete].catch(catchers![failed])
}
