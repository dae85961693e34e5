//! The session of one request: as it came, as it is now, and what has to be sent for it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::value::RawValue;

use super::answer::{is_whole, keep_private};
use super::envelope::{now, open, seal, sealed_len, seconds};
use super::names;
use super::secret::{Keys, keys, random};
use super::store::Shared;
use crate::{App, Cookie, Error, Feature, Next, Request, Response, Result};

/// How long a session lasts.
pub(super) struct Lifetime(pub(super) Duration);

/// Two weeks.
const LIFETIME: Duration = Duration::from_secs(14 * 24 * 60 * 60);
/// The most bytes of a cookie's name and value.
const MOST_BYTES: usize = 4096;
/// How often a new id is tried. One that is taken is an accident of 128 random bits, or a store that always says so.
const MOST_IDS: usize = 3;

/// What the app says about sessions.
struct Settings {
    keys: Arc<Keys>,
    name: String,
    lifetime: Duration,
    store: Option<Arc<Shared>>,
}

impl Settings {
    fn of(request: &Request) -> Result<Settings> {
        Ok(Settings {
            keys: keys(request)?,
            name: names::of_session(request),
            lifetime: request.state::<Lifetime>().map_or(LIFETIME, |lifetime| lifetime.0),
            store: request.state::<Shared>(),
        })
    }

    fn end(&self) -> SystemTime {
        SystemTime::now().checked_add(self.lifetime).unwrap_or(UNIX_EPOCH)
    }

    /// Makes the cookie of a session.
    fn cookie(&self, end: SystemTime, data: &RawValue) -> Result<Cookie> {
        let value = seal(&self.keys.first()?.session, &self.name, Some(seconds(end)), data)?;
        Ok(Cookie::new(&self.name, value).max_age(self.lifetime))
    }
}

/// The session of a request, shared by all that look at it.
#[derive(Clone)]
pub(super) struct Slot(Arc<Mutex<State>>);

/// Keeps the data to itself.
impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slot")
    }
}

#[derive(Clone, Default)]
struct State {
    /// A cookie of the name came, whatever is in it.
    came: bool,
    /// The session that came: its id in the store, its data, its expiry.
    id: Option<String>,
    was: Option<String>,
    expires: u64,
    /// The data now.
    is: Option<String>,
    /// It is a new session, also where one came.
    anew: bool,
    /// It was ended.
    ended: bool,
    /// What the answer says is decided.
    saved: bool,
    /// The most bytes of its data.
    room: Option<usize>,
}

impl Slot {
    /// Returns the request's session, read once.
    pub(super) async fn of(request: &Request) -> Result<Slot> {
        if let Some(slot) = request.get::<Slot>() {
            return Ok(slot);
        }
        let settings = Settings::of(request)?;
        let state = load(request, &settings).await?;
        // Another one may have come first, where two extractors wait side by side.
        let slot = request.get::<Slot>().unwrap_or_else(|| Slot(Arc::new(Mutex::new(state))));
        request.insert(slot.clone());
        Ok(slot)
    }

    /// Returns the data as it is now.
    pub(super) fn data(&self) -> Option<String> {
        self.lock().is.clone()
    }

    /// Begins a session with this data.
    pub(super) fn begin(&self, data: String) -> Result {
        let mut state = self.lock();
        state.is = Some(state.fitting(data)?);
        state.anew = true;
        Ok(())
    }

    /// Replaces the data.
    pub(super) fn replace(&self, data: String) -> Result {
        let mut state = self.lock();
        state.is = Some(state.fitting(data)?);
        Ok(())
    }

    /// Ends the session.
    pub(super) fn end(&self) -> Result {
        let mut state = self.lock();
        state.open()?;
        (state.is, state.anew, state.ended) = (None, false, true);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Returns the data if it can be kept.
    fn fitting(&self, data: String) -> Result<String> {
        self.open()?;
        let length = sealed_len(&data);
        match self.room {
            Some(room) if length > room => Err(problem(format!(
                "the session has {length} bytes as a cookie, and may have {room}: keep less in it, or use a store"
            ))),
            _ => Ok(data),
        }
    }

    fn open(&self) -> Result {
        if self.saved {
            return Err(problem("the session was changed after it was saved".to_owned()));
        }
        Ok(())
    }
}

fn problem(text: String) -> Error {
    Error::from(std::io::Error::other(text))
}

/// Reads the session that came with the request.
async fn load(request: &Request, settings: &Settings) -> Result<State> {
    let room = settings.store.is_none().then(|| MOST_BYTES.saturating_sub(settings.name.len()));
    let Some(value) = request.cookies().get(&settings.name) else {
        return Ok(State { room, ..State::default() });
    };
    let nothing = State { came: true, room, ..State::default() };
    let opened = settings
        .keys
        .all()
        .find_map(|keys| open::<Box<RawValue>>(&keys.session, &settings.name, value, now()));
    let Some((data, Some(expires))) = opened else { return Ok(nothing) };
    let (id, was) = match &settings.store {
        None => (None, Some(data.get().to_owned())),
        Some(store) => {
            let Ok(Stored { id }) = serde_json::from_str(data.get()) else { return Ok(nothing) };
            let was = store.load(&id).await?;
            (Some(id), was)
        }
    };
    Ok(State { id, is: was.clone(), was, expires, ..nothing })
}

/// What the cookie has of a session in a store. In place of data of the app's own it says what it is.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    #[serde(rename = "carafe session id")]
    id: String,
}

/// Saves what a request did to its session, outside of all other middleware.
#[derive(Default)]
pub(super) struct Saving;

impl Feature for Saving {
    fn attach(self, app: App) -> App {
        app.around(saved)
    }
}

async fn saved(request: &Request, next: Next<'_>) -> Result<Response> {
    let mut response = next.run(request).await;
    if is_whole(&response) && save(request).await? {
        keep_private(&mut response);
    }
    Ok(response)
}

/// Saves what was changed, and returns whether anybody looked at the session.
async fn save(request: &Request) -> Result<bool> {
    let Some(slot) = request.get::<Slot>() else { return Ok(false) };
    let state = {
        let mut state = slot.lock();
        if std::mem::replace(&mut state.saved, true) {
            return Ok(true);
        }
        state.clone()
    };
    let settings = Settings::of(request)?;
    let Some(data) = &state.is else {
        if state.ended {
            end(request, &settings, &state).await?;
        }
        return Ok(true);
    };
    let is_changed = state.anew || state.was.as_ref() != Some(data);
    let is_old = Duration::from_secs(state.expires.saturating_sub(now())) < settings.lifetime / 2;
    if is_changed || is_old {
        let cookie = match &settings.store {
            None => Some(settings.cookie(settings.end(), &RawValue::from_string(data.clone())?)?),
            Some(store) => kept(&settings, store, &state, data, is_old).await?,
        };
        if let Some(cookie) = cookie {
            request.cookies().set(cookie)?;
        }
    }
    Ok(true)
}

async fn end(request: &Request, settings: &Settings, state: &State) -> Result {
    if let (Some(store), Some(id)) = (&settings.store, &state.id) {
        store.delete(id).await?;
    }
    if state.came { request.cookies().delete(&*settings.name) } else { Ok(()) }
}

/// Keeps a session in the store, and returns its cookie if that has to be another one.
async fn kept(
    settings: &Settings,
    store: &Shared,
    state: &State,
    data: &str,
    is_old: bool,
) -> Result<Option<Cookie>> {
    let end = settings.end();
    let id = match (&state.id, state.anew) {
        (Some(id), false) => {
            let expires = UNIX_EPOCH.checked_add(Duration::from_secs(state.expires)).unwrap_or(end);
            let is_there = store.save(id, data, if is_old { end } else { expires }).await?;
            if !is_there || !is_old {
                // What was ended meanwhile stays ended.
                return Ok(None);
            }
            id.clone()
        }
        (before, _) => {
            // A new session has a new id: one that somebody planted before a login is worth nothing after it.
            let id = create(store, data, end).await?;
            if let Some(before) = before {
                store.delete(before).await?;
            }
            id
        }
    };
    let stored = serde_json::value::to_raw_value(&Stored { id })?;
    settings.cookie(end, &stored).map(Some)
}

/// Keeps a new session under an id that nobody has.
async fn create(store: &Shared, data: &str, end: SystemTime) -> Result<String> {
    for _ in 0..MOST_IDS {
        let id = URL_SAFE_NO_PAD.encode(random::<16>()?);
        if store.create(&id, data, end).await? {
            return Ok(id);
        }
    }
    Err(problem("the session store says that every new id is taken".to_owned()))
}
