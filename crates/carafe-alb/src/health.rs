//! Health checks, as a Lambda target group has them.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::Method;

use crate::balancer::Shared;
use crate::options::HealthCheck;
use crate::refusal::Refusal;

/// The number of answers in a row that change the state.
const TO_HEALTHY: u32 = 5;
const TO_UNHEALTHY: u32 = 2;

/// The function's health, as far as it is known.
#[derive(Debug, Default)]
struct Health {
    healthy: Option<bool>,
    in_a_row: u32,
}

impl Health {
    /// Takes one more result; tells the state if it is a new one. The first result decides at once.
    fn take(&mut self, fine: bool) -> Option<bool> {
        if self.healthy == Some(fine) {
            self.in_a_row = 0;
            return None;
        }
        self.in_a_row += 1;
        let needed = match self.healthy {
            None => 1,
            Some(true) => TO_UNHEALTHY,
            Some(false) => TO_HEALTHY,
        };
        if self.in_a_row < needed {
            return None;
        }
        self.in_a_row = 0;
        self.healthy = Some(fine);
        self.healthy
    }
}

/// Checks for ever and prints changes. An unhealthy function gets its requests all the same: it is the only target.
pub(crate) async fn watch(shared: Arc<Shared>, check: HealthCheck) {
    let mut health = Health::default();
    let mut ticks = tokio::time::interval(check.interval);
    loop {
        ticks.tick().await;
        let started = Instant::now();
        let result = match tokio::time::timeout(check.timeout, status(&shared, &check)).await {
            Ok(result) => result.map_err(|refusal| refusal.why),
            Err(_) => Err(format!("no answer after {} s", check.timeout.as_secs_f32())),
        };
        let fine = matches!(result, Ok(status) if check.matcher.matches(status));
        let Some(healthy) = health.take(fine) else { continue };
        let state = if healthy { "healthy" } else { "unhealthy" };
        let what = result.map_or_else(|why| why, |status| format!("status {status}"));
        let took = started.elapsed().as_secs_f64() * 1000.0;
        shared.terminal.line(&format!("health check {}: {state} ({what}, {took:.1} ms)", check.path));
    }
}

async fn status(shared: &Arc<Shared>, check: &HealthCheck) -> Result<u16, Refusal> {
    let event = shared.exchange.health_check(&check.path);
    let answer = shared.invoke(Bytes::from(event)).await.outcome?;
    Ok(shared.exchange.read(&answer, &Method::GET)?.status.as_u16())
}

#[cfg(test)]
mod tests {
    use super::Health;

    #[test]
    fn states() {
        let mut health = Health::default();
        let mut take = |results: &[bool]| results.iter().map(|&fine| health.take(fine)).collect::<Vec<_>>();
        assert_eq!(take(&[true, true]), [Some(true), None]);
        assert_eq!(take(&[false, true, false, false, false]), [None, None, None, Some(false), None]);
        assert_eq!(take(&[true, true, true, true, false]), [None; 5]);
        assert_eq!(take(&[true, true, true, true, true]), [None, None, None, None, Some(true)]);
    }
}
