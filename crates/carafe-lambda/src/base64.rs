//! Base64 as it comes in events and leaves in answers (RFC 4648 §4).

use std::sync::LazyLock;

use base64::engine::general_purpose::GeneralPurposeConfig;
use base64::engine::{DecodePaddingMode, Simd};

/// The codec: writes padding, and reads text with or without it, also with stray last bits (`docs/alb.md` §1.6). SIMD
/// instructions take a seventh of the time.
pub(crate) static BASE64: LazyLock<Simd> = LazyLock::new(|| {
    Simd::standard(
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    )
});
