//! The attributes of carafe: #[get] and its family, #[catch], routes![]
