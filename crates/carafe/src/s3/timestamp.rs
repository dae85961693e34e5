//! Times as S3 signs them.

use std::time::{SystemTime, UNIX_EPOCH};

/// A second, in UTC.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timestamp {
    seconds: u64,
}

impl Timestamp {
    pub(super) fn now() -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::of(since.as_secs())
    }

    /// Takes seconds since 1970.
    pub(super) fn of(seconds: u64) -> Timestamp {
        Timestamp { seconds }
    }

    pub(super) fn plus(self, seconds: u64) -> Timestamp {
        Timestamp::of(self.seconds.saturating_add(seconds))
    }

    pub(super) fn seconds(self) -> u64 {
        self.seconds
    }

    /// Returns `20261129`.
    pub(super) fn date(self) -> String {
        let (year, month, day) = self.civil();
        format!("{year:04}{month:02}{day:02}")
    }

    /// Returns `20261129T031500Z`.
    pub(super) fn basic(self) -> String {
        let (hour, minute, second) = self.clock();
        format!("{}T{hour:02}{minute:02}{second:02}Z", self.date())
    }

    /// Returns `2026-11-29T03:15:00Z`.
    pub(super) fn extended(self) -> String {
        let ((year, month, day), (hour, minute, second)) = (self.civil(), self.clock());
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }

    fn clock(self) -> (u64, u64, u64) {
        (self.seconds / 3_600 % 24, self.seconds / 60 % 60, self.seconds % 60)
    }

    /// Returns year, month and day of the Gregorian calendar. The year begins in March here, so that the day that comes and goes
    /// is the last one.
    fn civil(self) -> (u64, u64, u64) {
        // Since March of the year 0.
        let days = self.seconds / 86_400 + 719_468;
        let (era, day) = (days / 146_097, days % 146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let is_next = month >= 10;
        let month = if is_next { month - 9 } else { month + 3 };
        (era * 400 + year + u64::from(is_next), month, day)
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_078_012_800, "2004-02-29T00:00:00Z"),
            (1_735_689_599, "2024-12-31T23:59:59Z"),
            (1_764_385_323, "2025-11-29T03:02:03Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(Timestamp::of(seconds).extended(), expected);
        }
        // Every day of 400 years is the one behind its predecessor, as httpdate counts them.
        for day in 0..146_097_u64 {
            let time = Timestamp::of(day * 86_400);
            let (year, month, of_month) = time.civil();
            let printed = httpdate::fmt_http_date(
                std::time::UNIX_EPOCH + std::time::Duration::from_secs(time.seconds()),
            );
            assert!(
                printed.contains(&format!(" {of_month:02} ")) && printed.contains(&format!(" {year:04} ")),
                "{printed}"
            );
            let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
            let name = usize::try_from(month).ok().and_then(|month| names.get(month - 1));
            assert!(name.is_some_and(|name| printed.contains(name)), "{printed}");
        }
        assert_eq!(Timestamp::of(1_764_385_323).basic(), "20251129T030203Z");
    }
}
