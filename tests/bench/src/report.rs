//! The tables of the comparison, and their place in the documentation.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::peer;
use crate::run::Outcome;
use scenarios::Scenario;

/// Everything about one peer.
pub struct Row {
    pub name: &'static str,
    size: u64,
    crates: usize,
    /// For each scenario, the outcomes of all rounds.
    pub warm: Vec<Vec<Outcome>>,
    pub cold: Vec<Outcome>,
}

impl Row {
    pub fn new(name: &'static str, size: u64, crates: usize, scenarios: &[Scenario]) -> Row {
        Row { name, size, crates, warm: scenarios.iter().map(|_| Vec::new()).collect(), cold: Vec::new() }
    }
}

/// What a program with nothing in it takes.
pub struct Hello {
    pub name: &'static str,
    pub size: u64,
    pub crates: usize,
}

pub fn median(outcomes: &[Outcome], value: impl Fn(&Outcome) -> f64) -> f64 {
    let mut values: Vec<f64> = outcomes.iter().map(value).collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// A figure and its ratio to the first row's.
fn cell(value: f64, first: f64, digits: usize) -> String {
    format!("{value:.digits$} ({:.2})", value / first)
}

fn table(head: &[String], lines: &[Vec<String>]) -> String {
    let mut text = format!("| {} |\n|---|{}\n", head.join(" | "), "--:|".repeat(head.len() - 1));
    for line in lines {
        let _ = writeln!(text, "| {} |", line.join(" | "));
    }
    text
}

/// A table with one line for each peer; each column a function from the row to a figure.
fn by_peer(rows: &[Row], columns: &[Column]) -> String {
    let head: Vec<String> =
        [String::new()].into_iter().chain(columns.iter().map(|(name, ..)| name.clone())).collect();
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let figures = columns.iter().map(|(_, digits, value)| cell(value(row), value(&rows[0]), *digits));
            [row.name.to_owned()].into_iter().chain(figures).collect()
        })
        .collect();
    table(&head, &lines)
}

type Column = (String, usize, Box<dyn Fn(&Row) -> f64>);

fn warm(scenarios: &[Scenario], digits: usize, value: fn(&Outcome) -> f64) -> Vec<Column> {
    let column = |(index, scenario): (usize, &Scenario)| -> Column {
        (scenario.name.to_owned(), digits, Box::new(move |row: &Row| median(&row.warm[index], value)))
    };
    scenarios.iter().enumerate().map(column).collect()
}

fn cold(name: &str, value: fn(&Outcome) -> f64) -> Column {
    (name.to_owned(), 2, Box::new(move |row: &Row| median(&row.cold, value) / 1000.0))
}

/// All tables.
pub fn markdown(rows: &[Row], hellos: &[Hello], scenarios: &[Scenario]) -> String {
    let mut text = String::from("In parentheses the ratio to the first line. What is asked: ");
    let what: Vec<String> = scenarios.iter().map(|one| format!("`{}`, {}", one.name, one.what)).collect();
    let _ = writeln!(text, "{}.\n", what.join("; "));
    let _ = writeln!(text, "CPU of one invocation, µs, user and system:\n");
    let _ = writeln!(text, "{}", by_peer(rows, &warm(scenarios, 1, |outcome| outcome.cpu)));
    let _ = writeln!(text, "Time from event to answer, µs, median:\n");
    let _ = writeln!(text, "{}", by_peer(rows, &warm(scenarios, 1, |outcome| outcome.median)));
    let _ = writeln!(text, "The same, the slowest of a hundred:\n");
    let _ = writeln!(text, "{}", by_peer(rows, &warm(scenarios, 0, |outcome| outcome.p99)));
    let _ = writeln!(text, "Peak memory of a run, MiB:\n");
    let _ = writeln!(text, "{}", by_peer(rows, &warm(scenarios, 2, |outcome| outcome.peak as f64 / 1024.0)));
    let _ = writeln!(text, "Start and size; times in ms:\n");
    let size: [Column; 2] = [
        ("program, KB".to_owned(), 0, Box::new(|row| row.size as f64 / 1000.0)),
        ("crates".to_owned(), 0, Box::new(|row| row.crates as f64)),
    ];
    let mut columns = vec![
        cold("start to first `next`", |outcome| outcome.first_next),
        cold("start to first answer", |outcome| outcome.first_answer),
        cold("CPU until then", |outcome| outcome.cold_cpu),
    ];
    columns.extend(size);
    let _ = writeln!(text, "{}", by_peer(rows, &columns));
    let _ = writeln!(text, "{}", smallest(hellos));
    let _ = writeln!(text, "Page faults of one invocation, and connections of a whole run of `hello`:\n");
    let head: Vec<String> = [String::new()]
        .into_iter()
        .chain(scenarios.iter().map(|one| one.name.to_owned()))
        .chain(["connections".to_owned()])
        .collect();
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let faults = row.warm.iter().map(|one| format!("{:.1}", median(one, |outcome| outcome.faults)));
            let connections = median(&row.warm[0], |outcome| outcome.connections as f64);
            [row.name.to_owned()].into_iter().chain(faults).chain([format!("{connections:.0}")]).collect()
        })
        .collect();
    text.push_str(&table(&head, &lines));
    text
}

/// The table of those programs.
fn smallest(hellos: &[Hello]) -> String {
    let head = ["A `hello` and nothing else", "program, KB", "crates"].map(str::to_owned);
    let lines: Vec<Vec<String>> = hellos
        .iter()
        .map(|hello| {
            let size = cell(hello.size as f64 / 1000.0, hellos[0].size as f64 / 1000.0, 0);
            vec![hello.name.to_owned(), size, cell(hello.crates as f64, hellos[0].crates as f64, 0)]
        })
        .collect();
    table(&head, &lines)
}

/// The two run loops, a figure a line.
pub fn side_by_side(rows: &[Row], hellos: &[Hello], calls: &[u64], scenarios: &[Scenario]) -> String {
    let mut figures: Vec<(String, usize, Vec<f64>)> = Vec::new();
    let mut figure = |name: String, digits, values: Vec<f64>| figures.push((name, digits, values));
    for (index, scenario) in scenarios.iter().enumerate() {
        let cpu = rows.iter().map(|row| median(&row.warm[index], |outcome| outcome.cpu));
        figure(format!("CPU of one `{}`, µs", scenario.name), 1, cpu.collect());
    }
    let hello =
        |value: fn(&Outcome) -> f64| rows.iter().map(move |row| median(&row.warm[0], value)).collect();
    let start = |value: fn(&Outcome) -> f64| {
        rows.iter().map(move |row| median(&row.cold, value) / 1000.0).collect::<Vec<f64>>()
    };
    figure(
        "time from event to answer of a `hello`, µs, median".to_owned(),
        1,
        hello(|outcome| outcome.median),
    );
    figure(
        "peak memory of a run of `hello`, MiB".to_owned(),
        2,
        hello(|outcome| outcome.peak as f64 / 1024.0),
    );
    figure("start to first answer, ms".to_owned(), 2, start(|outcome| outcome.first_answer));
    figure("CPU until then, ms".to_owned(), 2, start(|outcome| outcome.cold_cpu));
    figure("system calls of a `hello`".to_owned(), 0, calls.iter().map(|calls| *calls as f64).collect());
    figure("program, KB".to_owned(), 0, rows.iter().map(|row| row.size as f64 / 1000.0).collect());
    figure(
        "program with two routes, KB".to_owned(),
        0,
        hellos.iter().map(|hello| hello.size as f64 / 1000.0).collect(),
    );
    figure("its crates".to_owned(), 0, hellos.iter().map(|hello| hello.crates as f64).collect());
    let head: Vec<String> =
        [String::new()].into_iter().chain(rows.iter().map(|row| row.name.to_owned())).collect();
    let lines: Vec<Vec<String>> = figures
        .into_iter()
        .map(|(name, digits, values)| {
            let cells = values.iter().map(|value| cell(*value, values[0], digits));
            [name].into_iter().chain(cells).collect()
        })
        .collect();
    table(&head, &lines)
}

/// Puts tables where the documentation has room for them: `place` is `bench` or `bench, loops`.
pub fn write(tables: &str, place: &str) -> Result<PathBuf, String> {
    let begin = format!("<!-- written by tests/{place}: begin -->");
    let end = format!("<!-- written by tests/{place}: end -->");
    let path = peer::home().join("../../docs/performance.md");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let place = text.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let (before, after) = place.ok_or_else(|| format!("{}: no markers", path.display()))?;
    fs::write(&path, format!("{before}{begin}\n{tables}{end}{after}"))
        .map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path)
}
