//! carafe and its peers, side by side: one round after the other, in each round every peer once, so that whatever else
//! the machine does hits all alike. Each figure is the median of the rounds.

use std::path::PathBuf;

use crate::child::{self, Launch};
use crate::gate::kernel::calls;
use crate::peer::{self, HELLOS, LOOPS, PEERS};
use crate::report::{self, Row};
use crate::run::{Length, Outcome, run};
use scenarios::Scenario;

/// How long to measure.
#[derive(Clone, Copy)]
pub struct Plan {
    pub rounds: usize,
    pub small: Length,
    pub large: Length,
    /// Starts of a process for its own sake, in each round.
    pub cold: usize,
}

pub const FULL: Plan = Plan {
    rounds: 7,
    small: Length { warm_up: 300, counted: 2_000 },
    large: Length { warm_up: 20, counted: 150 },
    cold: 5,
};

/// To see whether everything works; its figures are rough.
pub const QUICK: Plan = Plan {
    rounds: 1,
    small: Length { warm_up: 50, counted: 200 },
    large: Length { warm_up: 5, counted: 10 },
    cold: 1,
};

/// Measures, and gives the report as Markdown.
pub fn compare(plan: Plan) -> Result<String, String> {
    let scenarios = scenarios::all();
    let mut rows = Vec::new();
    let mut launches: Vec<Launch> = Vec::new();
    for peer in &PEERS {
        let program: PathBuf = peer::build(peer.package, false)?;
        rows.push(Row::new(peer.name, peer::size(&program)?, peer::crates(peer.package)?, &scenarios));
        launches.push(peer.launch(program));
    }
    let mut hellos = Vec::new();
    for (name, package) in HELLOS {
        let program = peer::build(package, false)?;
        hellos.push(report::Hello { name, size: peer::size(&program)?, crates: peer::crates(package)? });
    }
    measure(plan, &scenarios, &mut rows, &launches)?;
    Ok(report::markdown(&rows, &hellos, &scenarios))
}

/// Measures both run loops side by side, and gives the report as Markdown.
pub fn loops(plan: Plan) -> Result<String, String> {
    let scenarios = scenarios::all();
    let (mut rows, mut launches, mut hellos) = (Vec::new(), Vec::new(), Vec::new());
    for (peer, hello) in &LOOPS {
        let program = peer::build(peer.package, false)?;
        rows.push(Row::new(peer.name, peer::size(&program)?, peer::crates(peer.package)?, &scenarios));
        launches.push(peer.launch(program));
        let program = peer::build(hello, false)?;
        hellos.push(report::Hello {
            name: peer.name,
            size: peer::size(&program)?,
            crates: peer::crates(hello)?,
        });
    }
    measure(plan, &scenarios, &mut rows, &launches)?;
    let calls: Vec<u64> =
        launches.iter().map(|launch| calls(launch, &scenarios[0])).collect::<Result<_, _>>()?;
    Ok(report::side_by_side(&rows, &hellos, &calls, &scenarios))
}

/// Fills the rows with outcomes.
fn measure(plan: Plan, scenarios: &[Scenario], rows: &mut [Row], launches: &[Launch]) -> Result<(), String> {
    // Not earlier: cargo builds on as many as there are.
    child::pin()?;
    for round in 0..plan.rounds {
        eprintln!("round {} of {}", round + 1, plan.rounds);
        for (index, scenario) in scenarios.iter().enumerate() {
            let length = if scenario.large { plan.large } else { plan.small };
            for (row, launch) in rows.iter_mut().zip(launches) {
                let outcome = named(row.name, scenario, run(launch, scenario, length))?;
                row.warm[index].push(outcome);
            }
        }
        let once = Length { warm_up: 0, counted: 1 };
        for _ in 0..plan.cold {
            for (row, launch) in rows.iter_mut().zip(launches) {
                row.cold.push(named(row.name, &scenarios[0], run(launch, &scenarios[0], once))?);
            }
        }
    }
    Ok(())
}

fn named(peer: &str, scenario: &Scenario, outcome: Result<Outcome, String>) -> Result<Outcome, String> {
    outcome.map_err(|error| format!("{peer}, {}: {error}", scenario.name))
}
