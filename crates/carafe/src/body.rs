//! The body of an answer: bytes of known length.

use std::borrow::Cow;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

/// The body of a [`Response`](crate::Response): all of its bytes.
///
/// It is an [`http_body::Body`] of known length, so that tower layers and other servers take it.
///
/// ```
/// use carafe::{Body, Response, get};
///
/// #[get("/teapot")]
/// fn teapot() -> Response {
///     let mut response = Response::new(Body::from("short and stout"));
///     *response.status_mut() = carafe::StatusCode::IM_A_TEAPOT;
///     response
/// }
/// # assert_eq!(teapot().body().len(), 15);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body(Bytes);

impl Body {
    /// Makes a body without bytes.
    ///
    /// ```
    /// assert!(carafe::Body::empty().is_empty());
    /// ```
    #[must_use]
    pub const fn empty() -> Body {
        Body(Bytes::new())
    }

    /// Returns the number of bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the bytes.
    ///
    /// ```
    /// assert_eq!(carafe::Body::from("abc").bytes(), &b"abc"[..]);
    /// ```
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// Turns the body into its bytes, without a copy.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let bytes = std::mem::take(&mut self.0);
        Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.len() as u64)
    }
}

macro_rules! from {
    ($($owned:ty),*) => {$(
        impl From<$owned> for Body {
            fn from(bytes: $owned) -> Body {
                Body(bytes.into())
            }
        }
    )*};
}

from!(Bytes, Vec<u8>, String, Box<[u8]>, &'static [u8], &'static str);

impl From<Cow<'static, str>> for Body {
    fn from(text: Cow<'static, str>) -> Body {
        match text {
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => text.into(),
        }
    }
}

impl From<()> for Body {
    fn from((): ()) -> Body {
        Body::empty()
    }
}
