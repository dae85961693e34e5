//! The wire of carafe: Lambda events to requests, answers back, and the run loop
