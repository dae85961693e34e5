use std::collections::BTreeMap;
use std::ffi::OsString;

use serde::Deserialize;

use super::{read, variable};
use crate::secret::Secret;

fn filled<T: serde::de::DeserializeOwned>(variables: &[(&str, &str)]) -> Result<T, String> {
    let variables: Vec<(OsString, OsString)> =
        variables.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
    read(variables.into_iter()).map_err(|error| {
        let message = error.to_string();
        let start = "the settings cannot be read from the environment: ";
        message.strip_prefix(start).map_or_else(|| format!("? {message}"), str::to_owned)
    })
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Stage {
    Test,
    LiveAndWell,
}

#[derive(Debug, Deserialize)]
struct Settings {
    table_name: String,
    #[serde(default = "ten")]
    page_size: u32,
    verbose: bool,
    ratio: Option<f32>,
    stage: Stage,
    #[serde(default)]
    admins: Vec<String>,
    ports: Vec<u16>,
    #[serde(rename = "DATABASE_URL")]
    database: Option<Secret<String>>,
    address: std::net::IpAddr,
    api_key: Secret<u64>,
}

fn ten() -> u32 {
    10
}

const FINE: [(&str, &str); 6] = [
    ("TABLE_NAME", "posts, and more"),
    ("VERBOSE", "off"),
    ("STAGE", "live-and-well"),
    ("PORTS", "80, 443"),
    ("ADDRESS", "::1"),
    ("API_KEY", "7"),
];

fn with<'v>(more: &[(&'v str, &'v str)]) -> Vec<(&'v str, &'v str)> {
    let kept = FINE.into_iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.chain(more.iter().copied()).collect()
}

#[test]
fn a_struct_is_filled() {
    let settings: Settings = filled(&FINE).unwrap();
    assert_eq!(settings.table_name, "posts, and more");
    assert_eq!((settings.page_size, settings.verbose, settings.ratio), (10, false, None));
    assert_eq!(
        (settings.stage, settings.admins, settings.ports),
        (Stage::LiveAndWell, vec![], vec![80, 443])
    );
    assert_eq!((settings.address.to_string().as_str(), settings.api_key.reveal()), ("::1", &7));
    assert!(settings.database.is_none());

    let more = [
        ("PAGE_SIZE", "20"),
        ("VERBOSE", "1"),
        ("RATIO", "1.5"),
        ("STAGE", "test"),
        ("ADMINS", "ann,bob , ,"),
        ("PORTS", ""),
        ("DATABASE_URL", "postgres://ann:hunter2@db"),
        ("OTHER", "x"),
    ];
    let settings: Settings = filled(&with(&more)).unwrap();
    assert_eq!((settings.page_size, settings.verbose, settings.ratio), (20, true, Some(1.5)));
    assert_eq!((settings.stage, settings.ports), (Stage::Test, vec![]));
    assert_eq!(settings.admins, ["ann", "bob"]);
    assert_eq!(settings.database.unwrap().reveal(), "postgres://ann:hunter2@db");
    // One that was left empty is missing where its type cannot be empty.
    let settings: Settings = filled(&with(&[("RATIO", ""), ("TABLE_NAME", "")])).unwrap();
    assert_eq!((settings.ratio, settings.table_name.as_str()), (None, ""));
}

#[test]
fn one_error_lists_everything() {
    let number = "expected a whole number from 0 to";
    for (more, expected) in [
        (vec![("PAGE_SIZE", "ten")], vec![format!("`PAGE_SIZE`: {number} 4294967295, got `ten`")]),
        (vec![("PORTS", "80,http")], vec![format!("`PORTS`: {number} 65535, got `http`")]),
        (
            vec![("STAGE", "live"), ("VERBOSE", "maybe")],
            vec![
                "`STAGE`: expected `test` or `live-and-well`, got `live`".to_owned(),
                "`VERBOSE`: expected true or false, got `maybe`".to_owned(),
            ],
        ),
        (
            vec![("STAGE", ""), ("RATIO", "x")],
            vec![
                "`RATIO`: expected a number, got `x`".to_owned(),
                "`STAGE` is empty: expected `test` or `live-and-well`".to_owned(),
            ],
        ),
    ] {
        let message = filled::<Settings>(&with(&more)).unwrap_err();
        let mut told: Vec<&str> = message.split("; ").collect();
        told.sort_unstable();
        assert_eq!(told, expected, "{more:?}");
    }

    // Nothing is there at all.
    let message = filled::<Settings>(&[]).unwrap_err();
    let mut told: Vec<&str> = message.split("; ").collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            "`ADDRESS` is not set: expected text",
            "`API_KEY` is not set: expected a secret (u64)",
            "`PORTS` is not set: expected a list, separated by commas",
            "`STAGE` is not set: expected `test` or `live-and-well`",
            "`TABLE_NAME` is not set: expected text",
            "`VERBOSE` is not set: expected true or false",
        ]
    );
}

#[test]
fn values_that_are_secret_are_not_told() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "they are only read")]
    struct Secrets {
        pin: Secret<u16>,
        password: u16,
        session_token: std::net::IpAddr,
        signing_key: u64,
        endpoint: Endpoint,
        names: Secret<Vec<u8>>,
    }

    /// Its words repeat the value.
    #[derive(Debug, Deserialize)]
    #[serde(try_from = "String")]
    struct Endpoint;

    impl TryFrom<String> for Endpoint {
        type Error = String;

        fn try_from(text: String) -> Result<Endpoint, String> {
            if text == "1" { Ok(Endpoint) } else { Err(format!("{text:?} is no address")) }
        }
    }

    let secret = "hunter2";
    let names = ["PIN", "PASSWORD", "SESSION_TOKEN", "SIGNING_KEY", "ENDPOINT", "NAMES"];
    let message = filled::<Secrets>(&names.map(|name| (name, secret))).unwrap_err();
    assert!(!message.contains("hunter"), "{message}");
    for name in names {
        assert!(message.contains(&format!("`{name}`")), "{name} is not in {message}");
    }
}

#[test]
fn words_that_repeat_a_value_are_not_told() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "they are only read")]
    struct Plain {
        database_url: Url,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "they are only read")]
    struct Flat {
        #[serde(flatten)]
        plain: Plain,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "they are only read")]
    struct Words {
        database_url: Quoted,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "they are only read")]
    struct FlatWords {
        #[serde(flatten)]
        words: Words,
    }

    /// Refuses with serde's sentence, as addresses do.
    #[derive(Debug)]
    struct Url;

    impl<'de> Deserialize<'de> for Url {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
            use serde::de::{Error as _, Unexpected};

            let text = String::deserialize(deserializer)?;
            Err(D::Error::invalid_value(Unexpected::Str(&text), &"an address with a port"))
        }
    }

    /// Refuses in words that repeat the value.
    #[derive(Debug, Deserialize)]
    #[serde(try_from = "String")]
    struct Quoted;

    impl TryFrom<String> for Quoted {
        type Error = String;

        fn try_from(text: String) -> Result<Quoted, String> {
            Err(format!("{text:?} is no address"))
        }
    }

    let long = format!("postgres://ann:hunter2@{}", "db".repeat(200));
    for value in ["hunter2", "hun\"ter2\\", "hunter2\nline", "hunter2,hun\u{301}ter", &long] {
        let variables = [("DATABASE_URL", value), ("SHLVL", "1")];
        for message in [
            filled::<Plain>(&variables).unwrap_err(),
            filled::<Flat>(&variables).unwrap_err(),
            filled::<Words>(&variables).unwrap_err(),
            filled::<FlatWords>(&variables).unwrap_err(),
        ] {
            assert!(!message.contains("hun"), "{message}");
            assert!(message.contains("expected") || message.contains("not valid"), "{message}");
        }
    }
}

#[test]
fn words_that_repeat_a_part_of_a_value_are_not_told() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "they are only read")]
    struct Plain {
        database_url: Url,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "they are only read")]
    struct Flat {
        #[serde(flatten)]
        plain: Plain,
    }

    /// Takes apart what it refuses.
    #[derive(Debug, Deserialize)]
    #[serde(try_from = "String")]
    struct Url;

    impl TryFrom<String> for Url {
        type Error = String;

        fn try_from(text: String) -> Result<Url, String> {
            let rest = text.strip_prefix("postgres://").ok_or("it has to begin with `postgres://`")?;
            Err(format!("{} is no port", rest.split(['@', ':']).nth(1).unwrap_or_default()))
        }
    }

    for (value, told) in [
        ("postgres://ann:hunter2@db", None),
        ("postgres://ann:hünter@db", None),
        // Nothing of the value is in the words, and they help.
        ("postgresql://ann:hunter2@db", Some("it has to begin with `postgres://`")),
        ("mysql://db", Some("it has to begin with `postgres://`")),
        // What stands in front is no scheme.
        ("postgres://ann:hunter2;next=tcp://db", None),
        ("hunter2;postgres://db", None),
    ] {
        // The last one shares words with the sentence, as any variable of the process may.
        let variables = [("DATABASE_URL", value), ("SHLVL", "1"), ("TITLE", "begin with me")];
        for message in [filled::<Plain>(&variables).unwrap_err(), filled::<Flat>(&variables).unwrap_err()] {
            assert!(!message.contains("nter"), "{message}");
            assert!(told.is_none_or(|told| message.contains(told)), "{message}");
        }
    }
}

#[test]
fn a_piece_of_a_key_is_not_told() {
    #[derive(Debug, Deserialize)]
    struct Flat {
        #[serde(flatten)]
        _plain: Plain,
    }

    #[derive(Debug, Deserialize)]
    struct Plain {
        #[serde(rename = "pay_key")]
        _pay_key: Key,
    }

    /// Tells the start of what it refuses.
    #[derive(Debug, Deserialize)]
    #[serde(try_from = "String")]
    struct Key;

    impl TryFrom<String> for Key {
        type Error = String;

        fn try_from(text: String) -> Result<Key, String> {
            Err(format!("{} does not begin with `test_`", text.get(..8).unwrap_or_default()))
        }
    }

    for message in [
        filled::<Flat>(&[("PAY_KEY", "live_s3cr3t")]).unwrap_err(),
        filled::<Plain>(&[("PAY_KEY", "live_s3cr3t")]).unwrap_err(),
    ] {
        assert!(!message.contains("live_s3c"), "{message}");
    }
}

#[test]
fn structs_in_structs_and_maps_take_all_variables() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Outer {
        name: String,
        #[serde(flatten)]
        inner: Inner,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Inner {
        page_size: u32,
        #[serde(rename = "REGION")]
        region: String,
    }

    let variables = [("NAME", "a"), ("PAGE_SIZE", "7"), ("REGION", "eu"), ("PATH", "/bin")];
    let inner = Inner { page_size: 7, region: "eu".to_owned() };
    assert_eq!(filled::<Outer>(&variables), Ok(Outer { name: "a".to_owned(), inner }));
    assert!(filled::<Outer>(&variables[..1]).unwrap_err().contains("`PAGE_SIZE` is not set"));
    let map: BTreeMap<String, String> = filled(&[("A_B", "1")]).unwrap();
    assert_eq!(map, BTreeMap::from([("A_B", "1"), ("a_b", "1")].map(|(a, b)| (a.to_owned(), b.to_owned()))));
}

#[test]
fn fields_name_their_variables() {
    for (field, expected) in [
        ("table_name", "TABLE_NAME"),
        ("tableName", "TABLE_NAME"),
        ("table-name", "TABLE_NAME"),
        ("TABLE_NAME", "TABLE_NAME"),
        ("TableName", "TABLE_NAME"),
        ("s3Bucket", "S3_BUCKET"),
        ("s3_bucket", "S3_BUCKET"),
        ("url", "URL"),
    ] {
        assert_eq!(variable(field), expected);
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_told() {
    use std::os::unix::ffi::OsStringExt;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "it is only read")]
    struct One {
        name: String,
    }

    let variables =
        [("NAME".into(), OsString::from_vec(vec![0xff])), (OsString::from_vec(vec![0xff]), "x".into())];
    let message = read::<One>(variables.into_iter()).unwrap_err().to_string();
    assert!(message.contains("`NAME`: expected UTF-8 text"), "{message}");
}
