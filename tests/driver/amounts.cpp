#include "amounts.hpp"

#include <cstdio>
#include <cstdlib>
#include <new>

#include <stout/try.hpp>

#include "wire.hpp"

// By their symbols: mesos_sdk declares none of them. The first returns a
// Try<Resources>, which goes through a hidden pointer.
void parseResources(void* result, const std::string& text, const std::string& role) asm(
    "_ZN5mesos9Resources5parseERKNSt7__cxx1112basic_"
    "stringIcSt11char_traitsIcESaIcEEES8_");

void copyResources(void* at, const mesos::Resources& that) asm(
    "_ZN5mesos9ResourcesC1ERKS0_");

void makeOfferConstraintsFilter(void* at) asm(
    "_ZN5mesos9allocator22OfferConstraintsFilterC1Ev");


namespace driver {

const mesos::Resources& resources(const std::string& text)
{
  typedef Try<mesos::Resources> Result;
  const auto* result = static_cast<Result*>(::operator new(sizeof(Result)));
  parseResources(const_cast<Result*>(result), text, "*");
  if (result->isError()) {
    std::printf("driver: %s: %s\n", text.c_str(), result->error().c_str());
    std::exit(2);
  }
  return result->get();
}


void copyTo(void* at, const mesos::Resources& resources)
{
  copyResources(at, resources);
}


std::string bytes(const mesos::Resources& resources)
{
  std::string result;
  for (const mesos::Resource& resource : resources) {
    result += resource.SerializePartialAsString() + ";";
  }
  return result;
}


template <typename M>
M id(const std::string& value)
{
  M message;
  fill(&message, fields({{1, value}}));
  return message;
}

template mesos::FrameworkID id(const std::string& value);
template mesos::SlaveID id(const std::string& value);


void CpuQuota::Quantities::set(double cpus)
{
  start = reinterpret_cast<mesos::Quantity*>(inlined);
  size = 1;
  capacity = 7;

  mesos::Value::Scalar scalar;
  std::string wire("\x09", 1);
  wire.append(reinterpret_cast<const char*>(&cpus), sizeof(cpus));
  fill(&scalar, wire);
  new (start) mesos::Quantity("cpus", scalar);
}


CpuQuota::CpuQuota(double guarantee, double limit)
{
  static_assert(sizeof(CpuQuota) == sizeof(mesos::Quota), "Not a Quota");
  guarantees.set(guarantee);
  limits.set(limit);
}


FrameworkOptions::FrameworkOptions(const std::set<std::string>& suppressed)
    : suppressedRoles(suppressed)
{
  static_assert(
      sizeof(FrameworkOptions) == sizeof(mesos::allocator::FrameworkOptions),
      "Not FrameworkOptions");
  makeOfferConstraintsFilter(&filter);
}

}  // namespace driver
