//! Taking one layer off a returned value: the compiler picks by the concrete type, so type aliases do not matter.

use std::marker::PhantomData;

use super::overrides::{Override, Overrides};

/// The type of a returned value while a method is looked up on it.
#[derive(Debug)]
pub struct Returned<T>(PhantomData<fn() -> T>);

impl<T> Returned<T> {
    /// Stands for this value's type.
    pub const fn of(_: &T) -> Returned<T> {
        Returned(PhantomData)
    }
}

/// The value under a layer.
#[derive(Debug)]
pub enum Under<T, E> {
    /// The next value.
    Value(T),
    /// `None`.
    Nothing,
    /// An `Err`.
    Failure(E),
}

/// The failure of a layer that cannot fail. Not an empty enum, or the compiler would call the user's code
/// behind it unreachable.
#[derive(Debug)]
pub struct NoFailure(());

/// A value that has another in it.
pub trait Layer {
    type Value;
    type Failure;
    fn peel(self, overrides: &mut Overrides) -> Under<Self::Value, Self::Failure>;
}

impl<T, E> Layer for Result<T, E> {
    type Value = T;
    type Failure = E;

    fn peel(self, _: &mut Overrides) -> Under<T, E> {
        match self {
            Ok(value) => Under::Value(value),
            Err(failure) => Under::Failure(failure),
        }
    }
}

impl<T> Layer for Option<T> {
    type Value = T;
    type Failure = NoFailure;

    fn peel(self, _: &mut Overrides) -> Under<T, NoFailure> {
        match self {
            Some(value) => Under::Value(value),
            None => Under::Nothing,
        }
    }
}

/// A tuple of overrides and a value.
pub trait Tuple {
    type Value;
    fn split(self, overrides: &mut Overrides) -> Self::Value;
}

macro_rules! tuples {
    ($($($name:ident $index:tt)* => $last:tt;)*) => {$(
        impl<$($name: Override,)* T> Tuple for ($($name,)* T,) {
            type Value = T;

            fn split(self, overrides: &mut Overrides) -> T {
                $(self.$index.add_to(overrides);)*
                self.$last
            }
        }

        impl<$($name: Override,)* T> Layer for ($($name,)* T,) {
            type Value = T;
            type Failure = NoFailure;

            fn peel(self, overrides: &mut Overrides) -> Under<T, NoFailure> {
                Under::Value(self.split(overrides))
            }
        }
    )*};
}

tuples! {
    A 0 => 1;
    A 0 B 1 => 2;
    A 0 B 1 C 2 => 3;
}

/// The value has another in it.
#[derive(Debug)]
pub struct Wrapped;

/// The value is itself what is answered.
#[derive(Debug)]
pub struct Bare;

impl Wrapped {
    pub fn peel<T: Layer>(self, value: T, overrides: &mut Overrides) -> Under<T::Value, T::Failure> {
        value.peel(overrides)
    }
}

impl Bare {
    pub fn peel<T>(self, value: T, _: &mut Overrides) -> Under<T, NoFailure> {
        Under::Value(value)
    }
}

pub trait ViaLayer {
    fn __carafe_layer(&self) -> Wrapped {
        Wrapped
    }
}
impl<T: Layer> ViaLayer for &Returned<T> {}

pub trait ViaBare {
    fn __carafe_layer(&self) -> Bare {
        Bare
    }
}
impl<T> ViaBare for Returned<T> {}
