# The target `audit_core`: the Rust core and its bridge's generated header.

find_program(CARGO cargo REQUIRED
  HINTS $ENV{CARGO_HOME}/bin $ENV{HOME}/.cargo/bin)

# Features make cargo build everything anew, so faults have a folder of their
# own.
set(cargo_target ${CMAKE_SOURCE_DIR}/target)
set(cargo_flags --locked --lib --package mesos-audit-core)
if(MESOS_AUDIT_FAULT_INJECTION)
  set(cargo_target ${CMAKE_SOURCE_DIR}/target/faults)
  list(APPEND cargo_flags --features module,fault-injection)
else()
  list(APPEND cargo_flags --features module)
endif()
list(APPEND cargo_flags --target-dir ${cargo_target})

if(CMAKE_BUILD_TYPE STREQUAL Debug)
  set(core ${cargo_target}/debug/libmesos_audit_core.a)
else()
  set(core ${cargo_target}/release/libmesos_audit_core.a)
  list(APPEND cargo_flags --release)
endif()

# Run by every build: only cargo knows what its result depends on, and it is
# quick to find out that nothing changed.
add_custom_target(audit_core_cargo
  COMMAND ${CARGO} build ${cargo_flags}
  BYPRODUCTS ${core}
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
  COMMENT "Rust core"
  VERBATIM
  USES_TERMINAL)

add_library(audit_core INTERFACE)
add_dependencies(audit_core audit_core_cargo)
target_include_directories(audit_core SYSTEM INTERFACE ${cargo_target}/cxxbridge)
# What `rustc --print native-static-libs` names.
target_link_libraries(audit_core INTERFACE ${core} gcc_s pthread dl m rt)
