# Checks what the module exports and what it wants from its host.
#   cmake -DMODULE=... [-DLIBMESOS=...] -P symbols.cmake

find_program(NM nm REQUIRED)

# Names, without addresses, kinds and versions.
function(symbols result)
  execute_process(COMMAND ${NM} -D ${ARGN}
    OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX REPLACE "@[^\n]*" "" output "${output}")
  string(REGEX MATCHALL "[^ \n]+\n" lines "${output}\n")
  string(REPLACE "\n" "" lines "${lines}")
  set(${result} "${lines}" PARENT_SCOPE)
endfunction()

symbols(exported --defined-only ${MODULE})
set(expected
  org_mesos_audit_Allocator
  org_mesos_audit_Anonymous
  org_mesos_audit_Authenticator
  org_mesos_audit_Authorizer
  org_mesos_audit_Hook
  org_mesos_audit_HttpAuthenticator
  org_mesos_audit_HttpFrameworkAuthenticator)
list(SORT exported)
if(NOT exported STREQUAL expected)
  message(FATAL_ERROR "Exported: ${exported}\nExpected: ${expected}")
endif()

# Weak ones (w, v) may stay unresolved. What carries a version node comes from
# the libraries that the module itself names.
execute_process(COMMAND ${NM} -D --undefined-only ${MODULE}
  OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL " U [^\n]+" wanted "${output}")
list(FILTER wanted EXCLUDE REGEX "@")
list(TRANSFORM wanted REPLACE " U " "")

# The bridge: the linker, which must let Mesos's symbols pass, cannot tell.
set(bridge ${wanted})
list(FILTER bridge INCLUDE REGEX "mesos_audit|cxxbridge")
if(bridge)
  list(JOIN bridge "\n  " bridge)
  message(FATAL_ERROR "The Rust core does not have:\n  ${bridge}")
endif()

if(NOT LIBMESOS)
  message(STATUS "symbols: exports checked; no libmesos to check the rest with")
  return()
endif()

# Mesos loads modules with RTLD_NOW: one symbol that nobody has, and the master
# does not start.
symbols(offered --defined-only ${LIBMESOS})
list(REMOVE_ITEM wanted ${offered})
if(wanted)
  list(JOIN wanted "\n  " wanted)
  message(FATAL_ERROR "Mesos does not have:\n  ${wanted}")
endif()
message(STATUS "symbols: the module exports what it should, and Mesos has all it wants")
