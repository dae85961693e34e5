//! Text that a thread writes, so that no request waits for whoever reads it.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Bytes that wait to be written; what comes on top is lost.
const MOST: usize = 1024 * 1024;
/// The time that the end of the program waits for text that has not been written yet.
const PATIENCE: Duration = Duration::from_millis(500);

/// A terminal, a pipe or a file. Dropped, its thread ends.
#[derive(Debug)]
pub(super) struct Output(Arc<Queue>);

#[derive(Debug, Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    text: Vec<u8>,
    /// The number of texts lost since the last write.
    lost: u64,
    /// The thread is writing, or has not opened what it writes to.
    busy: bool,
    closed: bool,
}

impl Output {
    /// Starts the thread. `open` is called there: to open a named pipe means to wait for its reader.
    pub(super) fn start<W: Write>(
        name: &str,
        open: impl FnOnce() -> io::Result<W> + Send + 'static,
    ) -> io::Result<Output> {
        let queue = Arc::new(Queue::default());
        queue.lock().busy = true;
        let own = Arc::clone(&queue);
        std::thread::Builder::new().name(name.to_owned()).spawn(move || match open() {
            Ok(mut file) => while own.write_next(&mut file) {},
            // The output cannot be opened: its lines are dropped, so that no request waits for them.
            Err(_) => while own.write_next(&mut io::sink()) {},
        })?;
        Ok(Output(queue))
    }

    /// Takes text to be written soon. Text that comes faster than it can be written is lost, and a line says so.
    pub(super) fn write(&self, text: &[u8]) {
        let mut state = self.0.lock();
        if state.text.is_empty() || state.text.len() + text.len() <= MOST {
            state.text.extend_from_slice(text);
        } else {
            state.lost += 1;
        }
        self.0.changed.notify_all();
    }

    /// Waits until all has been written, but not for a reader that does not read.
    pub(super) fn finish(&self) {
        let until = Instant::now() + PATIENCE;
        let mut state = self.0.lock();
        while state.busy || !state.text.is_empty() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            state = match self.0.changed.wait_timeout(state, left) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.changed.notify_all();
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for text and writes it. Returns false when there is none and there will be none.
    fn write_next(&self, file: &mut impl Write) -> bool {
        let mut state = self.lock();
        state.busy = false;
        self.changed.notify_all();
        while state.text.is_empty() {
            if state.closed {
                return false;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let mut text = std::mem::take(&mut state.text);
        match std::mem::take(&mut state.lost) {
            0 => {}
            lost => text.extend_from_slice(format!("({lost} more, too fast to be written)\n").as_bytes()),
        }
        state.busy = true;
        drop(state);
        // Requests are answered even if the reader has gone or the disk is full.
        let _ = file.write_all(&text).and_then(|()| file.flush());
        true
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Writes into a channel, one message at a time, each only once it is allowed to.
    struct Gate(mpsc::Receiver<()>, mpsc::Sender<String>);

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.recv().map_err(io::Error::other)?;
            self.1.send(String::from_utf8_lossy(bytes).into_owned()).map_err(io::Error::other)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn in_order_and_bounded() {
        let (allow, allowed) = mpsc::channel();
        let (written, seen) = mpsc::channel();
        let output = Output::start("test", move || Ok(Gate(allowed, written))).unwrap();
        output.write(b"first\n");
        // The writer has taken the first line once there is room for exactly as much as fits again.
        while !output.0.lock().text.is_empty() {
            std::thread::yield_now();
        }
        output.write(&[b'x'; MOST]);
        output.write(b"lost\n");
        output.write(b"lost too\n");
        output.finish();
        allow.send(()).unwrap();
        assert_eq!(seen.recv().unwrap(), "first\n");
        allow.send(()).unwrap();
        let rest = seen.recv().unwrap();
        assert!(rest.ends_with("x(2 more, too fast to be written)\n") && rest.len() < MOST + 100);
        output.write(b"again\n");
        allow.send(()).unwrap();
        assert_eq!(seen.recv().unwrap(), "again\n");
        output.finish();
    }

    #[test]
    fn what_cannot_be_opened_holds_up_nobody() {
        let output = Output::start("test", || Err::<io::Sink, _>(io::ErrorKind::NotFound.into())).unwrap();
        output.write(b"lost\n");
        output.finish();
        assert!(output.0.lock().text.is_empty());
    }
}
