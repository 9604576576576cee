// A call of every function of the allocator, and what is told of it.
#ifndef MESOS_AUDIT_DRIVER_ALLOCATOR_CALLS_HPP
#define MESOS_AUDIT_DRIVER_ALLOCATOR_CALLS_HPP

#include <functional>
#include <set>
#include <string>
#include <vector>

#include <mesos/allocator/allocator.hpp>

#include "amounts.hpp"
#include "fake_allocator.hpp"
#include "wire.hpp"

namespace driver {

// Arguments of every kind.
struct Given
{
  Given();

  // One that a conversion, a C++ struct, is read from.
  const std::vector<mesos::ResourceConversion>& conversions();

  const std::string HOSTILE_NAME = fields({{2, HOSTILE}});

  mesos::FrameworkID framework;
  mesos::SlaveID agent;
  mesos::FrameworkInfo info;
  mesos::SlaveInfo agentInfo;
  const mesos::Resources& amounts;
  Amounts<mesos::SlaveID> heldByAgent;
  Amounts<mesos::FrameworkID> heldByFramework;
  CpuQuota quota;
  FrameworkOptions options;
  std::set<std::string> roles;
  std::vector<mesos::WeightInfo> weights;
  std::vector<mesos::Offer::Operation> operations;
  std::vector<mesos::Request> requests;
  hashmap<std::string, mesos::Quota> quotas;
  std::vector<mesos::SlaveInfo::Capability>* capabilities = nullptr;
  Option<mesos::Unavailability> unavailability;
  Option<mesos::Filters> filters;
  Option<mesos::allocator::InverseOfferStatus> status;
  Option<mesos::UnavailableResources> unavailable;
  Option<mesos::Resources> noTotal;
  Option<hashset<std::string>> whitelist;

  struct
  {
    Raw<mesos::Resources> consumed;
    Raw<mesos::Resources> converted;
    // Option<PostValidation>: none.
    int state = 1;
    Raw<std::function<void()>> function;
  } conversion;
  const void* pointers[3];
};


struct Call
{
  const char* method;
  // Null: nothing is told of it.
  const char* callback;
  const char* action;
  std::function<void(mesos::allocator::Allocator*)> make;
  Arguments given;
};


// Their arguments are those of `given`, which must outlive them.
std::vector<Call> calls(Given* given);


// A vector or an option of an incomplete type, which nobody looks into.
template <typename T>
const T& opaque()
{
  static const long words[8] = {};
  return *reinterpret_cast<const T*>(words);
}

}  // namespace driver

#endif  // MESOS_AUDIT_DRIVER_ALLOCATOR_CALLS_HPP
