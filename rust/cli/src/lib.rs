//! What the program `mesos-audit` is made of.
//!
//! [`reader`] gets lines out of files, [`filter`] chooses among them, [`pretty`] shows them to people; commands only put these together.

pub mod cli;
mod commands;
pub mod filter;
pub mod pretty;
pub mod reader;
mod report;
