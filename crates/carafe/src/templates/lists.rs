//! Lists that templates have without a handler's doing, made when a page first uses them.

use std::cell::OnceCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Serde, Value};
use serde::Serialize;

use crate::request::Request;

/// Makes the items of a list.
type Make = Box<dyn Fn() -> Vec<Value>>;

/// The name of a list, and what prepares it for a request.
pub(super) type Prepare = (&'static str, Arc<dyn Fn(&Request) -> Make + Send + Sync>);

/// Turns a function into one of any type.
pub(super) fn prepare<L, T>(
    name: &'static str,
    list: impl Fn(&Request) -> L + Send + Sync + 'static,
) -> Prepare
where
    L: Fn() -> Vec<T> + 'static,
    T: Serialize,
{
    let prepare = move |request: &Request| -> Make {
        let list = list(request);
        Box::new(move || list().into_iter().map(|item| Value::from(Serde(item))).collect())
    };
    (name, Arc::new(prepare))
}

/// The lists of a page.
#[derive(Clone, Default)]
pub(super) struct Lists(Rc<[List]>);

struct List {
    name: &'static str,
    make: Make,
    items: OnceCell<Vec<Value>>,
}

impl Lists {
    pub(super) fn of(all: &[Prepare], request: &Request) -> Lists {
        let lists =
            all.iter().map(|(name, prepare)| List { name, make: prepare(request), items: OnceCell::new() });
        Lists(lists.collect())
    }

    /// Returns the items of a list, made once for a page.
    fn items(&self, name: &str) -> &[Value] {
        let list = self.0.iter().find(|list| list.name == name);
        list.map_or(&[], |list| list.items.get_or_init(&list.make))
    }
}

/// A list as all templates of an app have it: that of the page which is being made.
pub(super) struct Global {
    pub(super) name: &'static str,
    /// Returns the lists of the page.
    pub(super) lists: fn() -> Lists,
}

impl fmt::Debug for Global {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Global").field(&self.name).finish()
    }
}

impl Object for Global {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        (self.lists)().items(self.name).get(key.as_usize()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq((self.lists)().items(self.name).len())
    }
}
