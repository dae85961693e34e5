//! Route patterns, their order, and matching, for carafe
