//! Where things are.

use std::path::{Path, PathBuf};

/// The checkout.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}

/// A path in the checkout.
pub(crate) fn at(path: &str) -> PathBuf {
    root().join(path)
}
