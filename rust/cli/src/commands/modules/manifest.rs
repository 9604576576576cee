//! The JSON that Mesos's `--modules` takes.

use serde::Serialize;

/// `{"libraries": [...]}`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Manifest {
    libraries: [Library; 1],
}

#[derive(Clone, Debug, Serialize)]
struct Library {
    file: String,
    modules: Vec<Module>,
}

/// One module and what it is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Module {
    name: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parameters: Vec<Parameter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Parameter {
    key: &'static str,
    value: String,
}

impl Manifest {
    pub(crate) fn new(file: String) -> Self {
        Self { libraries: [Library { file, modules: Vec::new() }] }
    }

    /// Adds a module with the parameters that have a value.
    pub(crate) fn add(&mut self, name: &'static str, parameters: &[(&'static str, Option<&str>)]) {
        let given =
            parameters.iter().filter_map(|&(key, value)| Some(Parameter { key, value: value?.to_owned() }));
        self.libraries[0].modules.push(Module { name, parameters: given.collect() });
    }

    pub(crate) fn to_json(&self) -> String {
        // Strings in vectors cannot fail to become JSON.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}
