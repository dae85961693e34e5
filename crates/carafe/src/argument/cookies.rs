//! Cookies as an argument.

use super::FromRequest;
use crate::cookies::Cookies;
use crate::error::Result;
use crate::request::Request;

impl FromRequest<'_> for Cookies {
    const WAITS: bool = false;

    async fn from_request(request: &Request) -> Result<Self> {
        Ok(request.cookies().clone())
    }
}
