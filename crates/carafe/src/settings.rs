//! The settings of a program, from the variables of its environment.

use std::ffi::OsString;

use serde::de::DeserializeOwned;

use crate::argument::groups::{Groups, Setting};
use crate::argument::{pairs, shape};
use crate::error::{Error, Fault, Result, may_be_secret};

/// Fills a struct from the variables of the environment: the field `table_name` from `TABLE_NAME`. The names are those that serde
/// knows, so `#[serde(rename = "DATABASE_URL")]` names a variable.
///
/// An `Option` may be missing, and so may a field with `#[serde(default)]`. A list is separated by commas. A variable that is empty
/// counts as missing where its type cannot be empty. Keys and passwords belong into a [`Secret`](crate::Secret).
///
/// ```no_run
/// use carafe::{App, Secret, State, get, routes};
///
/// #[derive(serde::Deserialize)]
/// struct Settings {
///     table_name: String,
///     #[serde(default = "ten")]
///     page_size: u32,
///     api_key: Secret<String>,
///     admins: Vec<String>,
/// }
///
/// fn ten() -> u32 {
///     10
/// }
///
/// #[get("/")]
/// fn index(settings: State<Settings>) -> String {
///     settings.table_name.clone()
/// }
///
/// async fn app() -> carafe::Result<App> {
///     let settings: Settings = carafe::settings()?;
///     Ok(App::new().state(settings).routes(routes![index]))
/// }
///
/// fn main() -> carafe::Result {
///     carafe::run(app)
/// }
/// ```
///
/// # Errors
///
/// One error that names every variable that is missing or cannot be read, with what was expected.
pub fn settings<T: DeserializeOwned>() -> Result<T> {
    read(std::env::vars_os())
}

/// Reads the settings from these variables.
fn read<T: DeserializeOwned>(variables: impl Iterator<Item = (OsString, OsString)>) -> Result<T> {
    let found = match shape::fields_of::<T>() {
        Some(fields) => named(fields, variables),
        // A struct that flattens another one, or a map: it does not say what it wants.
        None => all(variables),
    };
    pairs::read(Groups::of_settings(&found)).map_err(|error| told(&error, &found))
}

/// Returns the variables of these fields, in the order of their names.
fn named(fields: &[&'static str], variables: impl Iterator<Item = (OsString, OsString)>) -> Vec<Setting> {
    let mut wanted: Vec<(String, &str)> = fields.iter().map(|field| (variable(field), *field)).collect();
    wanted.sort_unstable_by(|one, other| one.1.cmp(other.1));
    let variables: Vec<(OsString, OsString)> =
        variables.filter(|(name, _)| wanted.iter().any(|(wanted, _)| name == wanted.as_str())).collect();
    let found = wanted.iter().filter_map(|(variable, field)| {
        let (_, text) = variables.iter().find(|(name, _)| name == variable.as_str())?;
        Some(Setting::new((*field).to_owned(), text))
    });
    found.collect()
}

/// Returns all variables, under their names in small letters, which most fields have, and as they are.
fn all(variables: impl Iterator<Item = (OsString, OsString)>) -> Vec<Setting> {
    let mut all: Vec<Setting> = variables
        .filter_map(|(name, text)| Some((name.into_string().ok()?, text)))
        .flat_map(|(name, text)| [name.to_lowercase(), name].map(|name| Setting::new(name, &text)))
        .collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all.dedup_by(|one, other| one.name == other.name);
    all
}

/// Returns the variable of a field: `TABLE_NAME` for `table_name`, `tableName` and `table-name`.
fn variable(field: &str) -> String {
    let mut variable = String::with_capacity(field.len() + 2);
    let mut after_small = false;
    for letter in field.chars() {
        if letter.is_uppercase() && after_small {
            variable.push('_');
        }
        after_small = letter.is_lowercase() || letter.is_ascii_digit();
        variable.extend(if letter == '-' { '_' } else { letter }.to_uppercase());
    }
    variable
}

/// Makes the error that names the variables.
fn told(error: &Error, found: &[Setting]) -> Error {
    if error.faults().is_empty() {
        return Error::in_words(format!(
            "the settings cannot be read from the environment: {}",
            error.message()
        ));
    }
    let sentences: Vec<String> = error.faults().iter().map(|fault| sentence(fault, found)).collect();
    Error::in_words(format!("the settings cannot be read from the environment: {}", sentences.join("; ")))
}

fn sentence(fault: &Fault, found: &[Setting]) -> String {
    let name = variable(fault.name());
    let setting = found.iter().find(|setting| setting.name == fault.name());
    let expected = match &fault.expected {
        Some(expected) => format!("expected {expected}"),
        None => fault.reason.clone().unwrap_or_default(),
    };
    let Some(setting) = setting else { return format!("`{name}` is not set: {expected}") };
    if setting.is_blank() {
        return format!("`{name}` is empty: {expected}");
    }
    let is_open = fault.expected.is_some() && !may_be_secret(&name);
    match fault.got().filter(|_| is_open) {
        Some(got) => format!("`{name}`: {expected}, got `{got}`"),
        None => format!("`{name}`: {expected}"),
    }
}

#[cfg(test)]
mod tests;
