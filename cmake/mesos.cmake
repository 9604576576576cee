# The target `mesos_headers`: Mesos's declarations, ours or its own.

add_library(mesos_headers INTERFACE)

if(MESOS_ROOT)
  if(NOT EXISTS ${MESOS_ROOT}/include/mesos/version.hpp)
    message(FATAL_ERROR
      "MESOS_ROOT=${MESOS_ROOT} holds no include/mesos/version.hpp: give the prefix "
      "that Mesos was installed to, such as /usr/local.")
  endif()
  if(MESOS_VERSION)
    message(FATAL_ERROR
      "MESOS_VERSION and MESOS_ROOT exclude each other: the version of an "
      "installed Mesos is in its headers.")
  endif()

  file(STRINGS ${MESOS_ROOT}/include/mesos/version.hpp line
       REGEX "^#define MESOS_VERSION ")
  string(REGEX REPLACE ".*\"(.*)\".*" "\\1" mesos_version "${line}")

  # "System", because Mesos's headers were not written for our warnings. The
  # second folder is where --enable-install-module-dependencies puts the bundled
  # boost, protobuf, glog, ...
  target_include_directories(mesos_headers SYSTEM INTERFACE
    ${MESOS_ROOT}/include)
  if(EXISTS ${MESOS_ROOT}/lib/mesos/3rdparty/include)
    target_include_directories(mesos_headers SYSTEM INTERFACE
      ${MESOS_ROOT}/lib/mesos/3rdparty/include)
  endif()
else()
  set(mesos_version "${MESOS_VERSION}")
  if(mesos_version STREQUAL "")
    set(mesos_version 1.11.0)
  endif()

  target_include_directories(mesos_headers INTERFACE
    ${CMAKE_SOURCE_DIR}/cpp/mesos_sdk)
  target_compile_definitions(mesos_headers INTERFACE
    MESOS_VERSION="${mesos_version}")
endif()

# Older interfaces differ (1.9: Authorizer::getObjectApprover), and a module that
# Mesos loads by mistake would crash it.
if(NOT mesos_version MATCHES "^1\\.(10|11)\\.[0-9]+$")
  message(FATAL_ERROR
    "Mesos ${mesos_version} is not supported: the module interfaces of 1.10 and 1.11 are.")
endif()

if(MESOS_SSL)
  # Decides whether Mesos's own headers declare the JWT authenticator.
  target_compile_definitions(mesos_headers INTERFACE USE_SSL_SOCKET=1)
endif()

if(MESOS_ROOT)
  set(headers ${MESOS_ROOT})
else()
  set(headers cpp/mesos_sdk)
endif()
message(STATUS "Module for Mesos ${mesos_version}, headers: ${headers}")
