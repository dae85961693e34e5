//! The variables `ADMIN_NAME`, `ADMIN_PASSWORD_HASH` and `API_ORIGINS` of the environment.

use carafe::Secret;
use serde::Deserialize;

/// Of the password `open sesame`, which everybody knows.
pub(crate) const DEMO: &str = "$argon2id$v=19$m=64,t=1,p=1$c2FsdCBmb3IgYSBkZW1vIQ$2nCRYkRlWFQsyQAspOzDJg";

/// Each field is a variable. Without them it is a demonstration, which does not start on Lambda.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Who may log in.
    pub admin_name: String,
    /// What `argon2 SALT -id -e` prints of the password.
    pub admin_password_hash: Secret<String>,
    /// The other sites whose scripts may call the API, with commas between.
    pub api_origins: Vec<String>,
}

impl Default for Settings {
    fn default() -> Settings {
        let (admin_name, hash) = ("admin".to_owned(), DEMO.to_owned());
        Settings { admin_name, admin_password_hash: hash.into(), api_origins: Vec::new() }
    }
}
