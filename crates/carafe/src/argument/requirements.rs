//! Requirements of extractors, checked when the app is assembled.

use std::any::{Any, TypeId, type_name};

use crate::context::States;

/// Collects what an extractor needs of the app: see [`FromRequest::requires`](crate::FromRequest::requires).
///
/// ```
/// use carafe::{App, FromRequest, Request, Requirements, Result, State, get, routes};
///
/// struct Pool(String);
///
/// /// A connection of the pool that the app has as its state.
/// struct Connection(String);
///
/// impl FromRequest<'_> for Connection {
///     async fn from_request(request: &Request) -> Result<Self> {
///         let pool = State::<Pool>::from_request(request).await?;
///         Ok(Connection(pool.0.clone()))
///     }
///
///     fn requires(requirements: &mut Requirements<'_>) {
///         requirements.extractor::<State<Pool>>();
///     }
/// }
///
/// #[get("/")]
/// fn index(connection: Connection) -> String {
///     connection.0
/// }
///
/// assert!(App::new().routes(routes![index]).check().is_err());
/// assert!(App::new().routes(routes![index]).state(Pool("db".to_owned())).check().is_ok());
/// ```
#[derive(Debug)]
pub struct Requirements<'a> {
    states: &'a States,
    features: &'a [TypeId],
    /// The unmet requirements: each a clause that follows the name of a function.
    missing: Vec<String>,
    /// What extractors agreed on: the kind, and the type with its name.
    #[cfg(feature = "sessions")]
    agreed: Vec<(TypeId, TypeId, &'static str)>,
    /// The types that are validated.
    #[cfg(feature = "garde")]
    validated: Vec<&'static str>,
    /// Attaches a feature that is needed and not there yet; one at a time, because it may meet further requirements.
    attachment: Option<Attachment>,
}

/// Makes of an app one with a feature more; `None` of anything else. It alone knows how, so that only a program with such a
/// feature carries that.
pub(crate) type Attachment = fn(app: &dyn Any) -> Option<Box<dyn Any>>;

impl<'a> Requirements<'a> {
    pub(crate) fn new(states: &'a States, features: &'a [TypeId]) -> Requirements<'a> {
        Requirements {
            states,
            features,
            missing: Vec::new(),
            #[cfg(feature = "sessions")]
            agreed: Vec::new(),
            #[cfg(feature = "garde")]
            validated: Vec::new(),
            attachment: None,
        }
    }

    /// Notes that an argument of this type is validated.
    #[cfg(feature = "garde")]
    pub(super) fn note_validation(&mut self, name: &'static str) {
        if !self.validated.contains(&name) {
            self.validated.push(name);
        }
    }

    /// Returns the types that are validated where these ask.
    #[cfg(feature = "garde")]
    pub(crate) fn validated(asked: &[fn(&mut Requirements<'_>)]) -> Vec<&'static str> {
        let states = States::default();
        let mut requirements = Requirements::new(&states, &[]);
        asked.iter().for_each(|ask| ask(&mut requirements));
        requirements.validated
    }

    /// Requires a value of [`App::state`](crate::App::state).
    pub fn state<T: ?Sized + 'static>(&mut self) {
        if !self.has_state::<T>() {
            let name = type_name::<T>();
            let add = if name.starts_with("dyn ") {
                format!(".state_arc::<{name}>(Arc::new(…))")
            } else {
                ".state(…)".to_owned()
            };
            self.problem(format!("needs `State<{name}>`, but the app has no such state: add `{add}`"));
        }
    }

    /// Returns whether the app has such a value, for a requirement that says in its own words where it comes from.
    #[must_use]
    pub fn has_state<T: ?Sized + 'static>(&self) -> bool {
        self.states.has(TypeId::of::<T>())
    }

    /// Requires a feature to be attached by [`App::attach`](crate::App::attach), middleware and all. One that needs no
    /// settings is attached by itself with [`Requirements::attach`].
    pub fn feature<F: 'static>(&mut self) {
        if !self.has_feature::<F>() {
            let name = type_name::<F>();
            self.problem(format!("needs the feature `{name}`: add `.attach({name} …)`"));
        }
    }

    /// Returns the name of another type than `T` that this was called with before, for the same kind `K`: for extractors that
    /// have to agree on one type, such as all that share a cookie.
    #[cfg(feature = "sessions")]
    pub fn agree<K: 'static, T: 'static>(&mut self) -> Option<&'static str> {
        let (kind, own) = (TypeId::of::<K>(), TypeId::of::<T>());
        let Some((_, first, name)) = self.agreed.iter().find(|(other, ..)| *other == kind) else {
            self.agreed.push((kind, own, type_name::<T>()));
            return None;
        };
        (*first != own).then_some(*name)
    }

    /// Requires what another extractor requires.
    pub fn extractor<'r, T: super::FromRequest<'r>>(&mut self) {
        T::requires(self);
    }

    /// Adds what is wrong, for a requirement of another kind: a clause that follows the name of the function, such as
    /// ``needs the variable `TABLE` in the environment``.
    pub fn problem(&mut self, clause: impl Into<String>) {
        let clause = clause.into();
        if !self.missing.contains(&clause) {
            self.missing.push(clause);
        }
    }

    pub(crate) fn has_feature<F: 'static>(&self) -> bool {
        self.features.contains(&TypeId::of::<F>())
    }

    /// Notes a feature that the app is to get before it is assembled. The first one counts, and the others follow one by
    /// one: what an extractor needs through another one is attached before its own, and so stands inside of it, whatever
    /// the order of the routes.
    pub(crate) fn note_attachment(&mut self, attachment: Attachment) {
        self.attachment.get_or_insert(attachment);
    }

    pub(crate) fn attachment(&self) -> Option<Attachment> {
        self.attachment
    }

    pub(crate) fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.missing)
    }
}
