//! Cookies as an argument: whoever takes them is protected against other sites, because browsers add them by themselves.

use super::Csrf;
use crate::{Cookies, FromRequest, Request, Requirements, Result};

impl FromRequest<'_> for Cookies {
    const WAITS: bool = false;

    async fn from_request(request: &Request) -> Result<Self> {
        Ok(request.cookies().clone())
    }

    fn requires(requirements: &mut Requirements<'_>) {
        requirements.attach::<Csrf>();
    }
}
