//! Audit files, of either format, as lines and events: forwards in constant memory, backwards from the end, and as they grow.

mod backward;
mod follow;
mod lines;
mod open;
mod record;

pub use backward::{end_of_last_line, lines_before, start_of_last};
pub use follow::{Follow, Found, Happening, Start};
pub use lines::{Frame, Line, Lines, MAX_LINE};
pub(crate) use open::open;
pub use record::{NoEvent, Record};
