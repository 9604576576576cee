//! Generates what the core is compiled with: the C++ side of the bridge and the Rust types of the protobuf
//! subset.

use std::{env, error::Error, fs, path::PathBuf};

use prost_build::Config;

#[cfg(feature = "module")]
/// The only file with a `#[cxx::bridge]`.
const BRIDGE: &str = "rust/core/bridge/mod.rs";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=rust/core/bridge");
    println!("cargo::rerun-if-changed=schema");

    #[cfg(feature = "module")]
    cxx_build::bridge(BRIDGE).std("c++17").flag_if_supported("-Wall").compile("mesos_audit_bridge");

    // protox is a protobuf compiler in Rust: no protoc is needed on the machine that builds.
    let descriptors = protox::compile(["record.proto", "calls.proto"], ["schema"])?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    fs::write(out.join("subset.bin"), prost::Message::encode_to_vec(&descriptors))?;
    Config::new().compile_fds(descriptors)?;
    Ok(())
}
