//! Where panics stop. A panic that reached C++ would end the master.

use crate::error::Error;
pub(super) use crate::panics::{caught, remember_where};

/// [`caught`] for a function that can fail: a panic is an error like any other.
pub(super) fn fallible<T>(f: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    caught(f).unwrap_or_else(|panic| Err(Error::new(format!("internal error: {panic}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_without_its_message() {
        let error = fallible::<()>(|| panic!("secret")).unwrap_err().to_string();
        assert!(error.starts_with("internal error: panic") && !error.contains("secret"), "{error}");
    }
}
