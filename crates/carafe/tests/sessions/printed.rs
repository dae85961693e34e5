//! What `{:?}` shows of things with secrets in them: that they are there, and nothing else.

use carafe::{
    App, EncryptedCookies, Flash, LoggedIn, LoginRequired, MemoryStore, Result, Session, SignedCookies,
    State, get, post, routes,
};

#[post("/login/<name>")]
fn login(name: String, session: Session<String>, flash: Flash) -> Result<String> {
    session.set(name)?;
    flash.success("hunter2")?;
    Ok(format!("{session:?} {flash:?}"))
}

#[get("/")]
fn index(
    name: LoggedIn<String>,
    signed: SignedCookies,
    sealed: EncryptedCookies,
    store: State<MemoryStore>,
) -> String {
    format!("{name:?} {signed:?} {sealed:?} {store:?}")
}

#[test]
fn nothing_of_a_secret_is_printed() {
    let store = MemoryStore::default();
    let client = App::new()
        .secret_from("CARAFE_TEST_SECRET")
        .session_store(store.clone())
        .state(store)
        .routes(routes![login, index])
        .test();
    assert_eq!(client.post("/login/hunter2").send().text(), "Session Flash");
    assert_eq!(
        client.get("/").send().text(),
        "LoggedIn SignedCookies(Jar) EncryptedCookies(Jar) State(1 sessions)"
    );
    let guard = LoginRequired::<String>::at("/login");
    assert_eq!(format!("{guard:?}"), "LoginRequired { page: Text(\"/login\"), .. }");
}
