//! The variables `ADMIN_NAME`, `ADMIN_PASSWORD_HASH` and `API_ORIGINS` of the environment.

use carafe::Secret;
use serde::Deserialize;

/// Each field is a variable. A debug build does without them: it is a demonstration, with the password `open sesame`.
#[derive(Debug, Deserialize)]
#[cfg_attr(debug_assertions, serde(default))]
pub struct Settings {
    /// Who may log in.
    pub admin_name: String,
    /// What `argon2 SALT -id -e` prints of the password.
    pub admin_password_hash: Secret<String>,
    /// The other sites whose scripts may call the API, with commas between.
    #[serde(default)]
    pub api_origins: Vec<String>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            admin_name: "admin".to_owned(),
            admin_password_hash: "$argon2id$v=19$m=64,t=1,p=1$c2FsdCBmb3IgYSBkZW1vIQ$2nCRYkRlWFQsyQAspOzDJg"
                .to_owned()
                .into(),
            api_origins: Vec::new(),
        }
    }
}
