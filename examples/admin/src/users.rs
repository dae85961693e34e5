//! Who may log in: a name, and a password that is kept as a hash.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordVerifier as _};
use carafe::Result;
use serde::{Deserialize, Serialize};

/// What the session has of somebody who is logged in.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) name: String,
}

/// All who may log in: here one.
#[derive(Clone, Debug)]
pub(crate) struct Users {
    name: String,
    password: PasswordHash,
}

impl Users {
    pub(crate) fn new(name: String, password_hash: &str) -> Result<Users> {
        Ok(Users { name, password: PasswordHash::new(password_hash)? })
    }

    /// Returns whether somebody has this name and this password. It takes as long for an unknown name.
    pub(crate) fn know(&self, name: &str, password: &str) -> bool {
        let is_right = Argon2::default().verify_password(password.as_bytes(), &self.password).is_ok();
        is_right && name == self.name
    }
}
