//! Variables of the environment that an app reads when it is assembled.

use std::any::TypeId;
use std::sync::Arc;

use super::{App, Purpose};
use crate::context::States;

/// A variable of the environment that an app cannot do without where it is deployed, such as a secret, and what stands in
/// for it elsewhere. What is read becomes [`State`](crate::State). It comes with the feature `sessions`, whose secret is one.
///
/// It is for features. The settings of a program are read by [`settings`](crate::settings()).
///
/// On Lambda, and in [`App::into_service`], a missing one is an error at start. In [`App::test`] the variable is not looked
/// at. `serve` gives the one value that it makes to all copies of the function, and says so.
///
/// ```
/// use carafe::{App, State, Variable, get, routes};
///
/// struct Table(String);
///
/// #[get("/")]
/// fn index(table: State<Table>) -> String {
///     table.0.clone()
/// }
///
/// let table = Variable {
///     name: "TABLE".to_owned(),
///     help: "the name of the table with the posts",
///     read: |text| Ok(Table(text.to_owned())),
///     locally: || Ok("posts-local".to_owned()),
///     in_tests: "posts-test",
/// };
/// let client = App::new().variable(table).routes(routes![index]).test();
/// assert_eq!(client.get("/").send().text(), "posts-test");
/// ```
#[derive(Clone, Debug)]
pub struct Variable<T> {
    /// The name.
    pub name: String,
    /// What it holds and how to make one: a clause behind "`NAME` is not set: it must hold …".
    pub help: &'static str,
    /// Reads the text, or says what is wrong with it: a clause behind "`NAME`".
    pub read: fn(&str) -> Result<T, String>,
    /// Makes a text for a program that runs locally.
    pub locally: fn() -> Result<String, String>,
    /// The text in tests.
    pub in_tests: &'static str,
}

/// The same for any type.
#[derive(Clone)]
pub(crate) struct Wanted {
    name: String,
    help: &'static str,
    state: TypeId,
    #[expect(clippy::type_complexity, reason = "it is named once")]
    read: Arc<dyn Fn(&str, &mut States) -> Result<(), String> + Send + Sync>,
    locally: fn() -> Result<String, String>,
    in_tests: &'static str,
}

impl App {
    /// Reads a variable of the environment when the app starts: see [`Variable`]. A state of that type that the app has
    /// already, or gets otherwise, wins, so that a test can replace it. With the feature `sessions`.
    pub fn variable<T: Send + Sync + 'static>(mut self, variable: Variable<T>) -> App {
        let Variable { name, help, read, locally, in_tests } = variable;
        let state = TypeId::of::<T>();
        self.variables.retain(|other| other.state != state);
        let read = Arc::new(move |text: &str, states: &mut States| {
            states.put(Arc::new(read(text)?));
            Ok(())
        });
        self.variables.push(Wanted { name, help, state, read, locally, in_tests });
        self
    }

    /// Returns the app's states with what its variables hold, and what is wrong with those.
    pub(crate) fn states_for(&self, purpose: Purpose) -> (States, Vec<String>) {
        let mut states = self.states.clone();
        let wanted = self.variables.iter().filter(|wanted| !self.states.has(wanted.state));
        let mut problems = Vec::new();
        for wanted in wanted {
            if let Err(problem) = wanted.put(purpose, &mut states) {
                problems.push(problem);
                // The one problem is enough: who needs the state need not complain as well.
                let _ = (wanted.read)(wanted.in_tests, &mut states);
            }
        }
        (states, problems)
    }

    /// Returns the states with which the app answers. Those of a check are the same where the app has no variables.
    pub(crate) fn states_to_answer(&self, purpose: Purpose, checked: States) -> (States, Vec<String>) {
        if self.variables.is_empty() { (checked, Vec::new()) } else { self.states_for(purpose) }
    }

    /// Returns the variables that the environment does not have, each with a value for all copies of the function, and what
    /// there is to say about that.
    #[cfg(all(feature = "local", any(debug_assertions, feature = "local-release")))]
    pub(crate) fn missing_variables(&self) -> Result<Vec<(String, String, String)>, String> {
        let missing = self
            .variables
            .iter()
            .filter(|wanted| !self.states.has(wanted.state) && std::env::var_os(&wanted.name).is_none());
        missing.map(|wanted| Ok((wanted.name.clone(), (wanted.locally)()?, wanted.stand_in()))).collect()
    }
}

impl Wanted {
    /// Puts what the variable holds into the states.
    fn put(&self, purpose: Purpose, states: &mut States) -> Result<(), String> {
        let Wanted { name, help, .. } = self;
        let text = match (purpose, std::env::var(name)) {
            (Purpose::Test, _) => self.in_tests.to_owned(),
            (_, Ok(text)) => text,
            (_, Err(std::env::VarError::NotUnicode(_))) => {
                return Err(format!("`{name}` is not text: it must hold {help}"));
            }
            (Purpose::Deployment, Err(_)) => return Err(format!("`{name}` is not set: it must hold {help}")),
            (Purpose::Check, Err(_)) => self.in_tests.to_owned(),
            (Purpose::Command, Err(_)) => {
                tell(&self.stand_in());
                (self.locally)()?
            }
        };
        (self.read)(&text, states).map_err(|clause| format!("`{name}` {clause}: it must hold {help}"))
    }

    fn stand_in(&self) -> String {
        let Wanted { name, help, .. } = self;
        format!("`{name}` is not set, so a stand-in is used for this run. It must hold {help}.")
    }
}

#[expect(clippy::print_stderr, reason = "somebody on a terminal has to know")]
fn tell(text: &str) {
    eprintln!("{text}");
}

impl std::fmt::Debug for Wanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Wanted").field(&self.name).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Table(String);

    fn app(name: &str) -> App {
        App::new().variable(Variable {
            name: name.to_owned(),
            help: "the name of a table",
            read: |text| match text {
                "" => Err("is empty".to_owned()),
                text => Ok(Table(text.to_owned())),
            },
            locally: || Ok("local".to_owned()),
            in_tests: "test",
        })
    }

    fn table(app: &App, purpose: Purpose) -> Result<String, Vec<String>> {
        let (states, problems) = app.states_for(purpose);
        let table = states.get::<Table>().map(|table| table.0.clone());
        if problems.is_empty() { table.ok_or(problems) } else { Err(problems) }
    }

    // No test can set a variable: another one would have to be `unsafe`. `PATH` is there, and `CARAFE_NONE` is not.
    #[test]
    fn the_purpose_says_what_a_variable_holds() {
        let path = std::env::var("PATH").unwrap();
        let missing = || Err(vec!["`CARAFE_NONE` is not set: it must hold the name of a table".to_owned()]);
        for (purpose, there, none) in [
            (Purpose::Test, "test", Ok("test")),
            (Purpose::Check, &*path, Ok("test")),
            (Purpose::Command, &*path, Ok("local")),
            (Purpose::Deployment, &*path, missing()),
        ] {
            assert_eq!(table(&app("PATH"), purpose).as_deref(), Ok(there), "{purpose:?}");
            assert_eq!(table(&app("CARAFE_NONE"), purpose), none.map(str::to_owned), "{purpose:?}");
        }
    }

    #[cfg(all(feature = "local", any(debug_assertions, feature = "local-release")))]
    #[test]
    fn copies_get_what_the_environment_does_not_have() {
        let note =
            "`CARAFE_NONE` is not set, so a stand-in is used for this run. It must hold the name of a table.";
        let missing = ("CARAFE_NONE".to_owned(), "local".to_owned(), note.to_owned());
        assert_eq!(app("CARAFE_NONE").missing_variables(), Ok(vec![missing]));
        assert_eq!(app("PATH").missing_variables(), Ok(vec![]), "the environment has it");
        for name in ["CARAFE_NONE", "PATH"] {
            let app = app(name).state(Table("own".to_owned()));
            assert_eq!(app.missing_variables(), Ok(vec![]), "the state is there");
        }
        let none = App::new().variable(Variable {
            name: "CARAFE_NONE".to_owned(),
            help: "",
            read: |text| Ok(Table(text.to_owned())),
            locally: || Err("no stand-in can be made".to_owned()),
            in_tests: "",
        });
        assert_eq!(none.missing_variables(), Err("no stand-in can be made".to_owned()));
    }

    #[test]
    fn a_state_wins() {
        let app = app("CARAFE_NONE").state(Table("own".to_owned()));
        assert_eq!(table(&app, Purpose::Deployment).as_deref(), Ok("own"));
        assert!(app.states_for(Purpose::Deployment).1.is_empty());
    }

    #[test]
    fn of_two_variables_for_a_state_the_last_counts() {
        let again = app("CARAFE_NONE").variable(Variable {
            name: "PATH".to_owned(),
            help: "",
            read: |_| Err::<Table, _>("is no table".to_owned()),
            locally: || Ok(String::new()),
            in_tests: "",
        });
        assert_eq!(
            table(&again, Purpose::Deployment),
            Err(vec!["`PATH` is no table: it must hold ".to_owned()])
        );
    }
}
