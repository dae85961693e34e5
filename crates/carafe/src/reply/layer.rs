//! Taking one layer off a returned value: the compiler picks by the concrete type, so type aliases do not matter.

use std::marker::PhantomData;

use super::{Part, Parts};

/// Stands for the type of a value while a method is looked up on it.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<fn() -> T>);

impl<T> Probe<T> {
    /// Stands for this value's type.
    pub const fn of(_: &T) -> Probe<T> {
        Probe(PhantomData)
    }
}

/// What is under a layer.
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

/// A value that has others in it.
pub trait Layer {
    /// What is in it.
    type Value;
    /// What its `Err` is.
    type Failure;
    /// Takes it apart.
    fn peel(self, parts: &mut Parts) -> Under<Self::Value, Self::Failure>;
}

impl<T, E> Layer for Result<T, E> {
    type Value = T;
    type Failure = E;

    fn peel(self, _: &mut Parts) -> Under<T, E> {
        match self {
            Ok(value) => Under::Value(value),
            Err(failure) => Under::Failure(failure),
        }
    }
}

impl<T> Layer for Option<T> {
    type Value = T;
    type Failure = NoFailure;

    fn peel(self, _: &mut Parts) -> Under<T, NoFailure> {
        match self {
            Some(value) => Under::Value(value),
            None => Under::Nothing,
        }
    }
}

impl<A: Part, T> Layer for (A, T) {
    type Value = T;
    type Failure = NoFailure;

    fn peel(self, parts: &mut Parts) -> Under<T, NoFailure> {
        self.0.add_to(parts);
        Under::Value(self.1)
    }
}

impl<A: Part, B: Part, T> Layer for (A, B, T) {
    type Value = T;
    type Failure = NoFailure;

    fn peel(self, parts: &mut Parts) -> Under<T, NoFailure> {
        self.0.add_to(parts);
        self.1.add_to(parts);
        Under::Value(self.2)
    }
}

impl<A: Part, B: Part, C: Part, T> Layer for (A, B, C, T) {
    type Value = T;
    type Failure = NoFailure;

    fn peel(self, parts: &mut Parts) -> Under<T, NoFailure> {
        self.0.add_to(parts);
        self.1.add_to(parts);
        self.2.add_to(parts);
        Under::Value(self.3)
    }
}

/// The value has others in it.
#[derive(Debug)]
pub struct Wrapped;

/// The value is itself what is answered.
#[derive(Debug)]
pub struct Bare;

impl Wrapped {
    /// Takes the layer off.
    pub fn peel<T: Layer>(self, value: T, parts: &mut Parts) -> Under<T::Value, T::Failure> {
        value.peel(parts)
    }
}

impl Bare {
    /// Leaves the value as it is.
    pub fn peel<T>(self, value: T, _: &mut Parts) -> Under<T, NoFailure> {
        Under::Value(value)
    }
}

/// Chosen for values that have others in them.
pub trait ViaLayer {
    /// Says so.
    fn layer(&self) -> Wrapped {
        Wrapped
    }
}

impl<T: Layer> ViaLayer for Probe<T> {}

/// Chosen for all others.
pub trait ViaBare {
    /// Says so.
    fn layer(&self) -> Bare {
        Bare
    }
}

impl<T> ViaBare for &Probe<T> {}
