// What is recorded of the allocator's calls, and of what it offers.
#ifndef MESOS_AUDIT_ALLOCATOR_RECORD_HPP
#define MESOS_AUDIT_ALLOCATOR_RECORD_HPP

#include <set>
#include <string>
#include <vector>

#include <mesos/allocator/allocator.hpp>

#include "allocator.hpp"
#include "record.hpp"
#include "tell.hpp"

namespace mesos_audit {

// None writes nothing.
template <typename T>
void write(Record& record, Field field, const Option<T>& value)
{
  if (value.isSome()) {
    record.message(field, value.get());
  }
}


void write(Record& record, Field field, const mesos::Resources& resources);

void write(Record& record, const mesos::UnavailableResources& unavailable);

void write(
    Record& record, const std::vector<mesos::ResourceConversion>& conversions);

void writeRoles(Record& record, const std::set<std::string>& roles);

void tellQuota(
    Callback callback, const std::string& role, const mesos::Quota& quota);

// What a framework holds on an agent.
void tellHeld(
    Callback callback,
    const mesos::FrameworkID& framework,
    const mesos::SlaveID& agent,
    const mesos::Resources& resources);

void tellFramework(Callback callback, const mesos::FrameworkID& framework);

void tellAgent(Callback callback, const mesos::SlaveID& agent);

void tellRoles(
    Callback callback,
    const mesos::FrameworkID& framework,
    const std::set<std::string>& roles);

// The same, and tells what it is called with before it is.
OfferCallback recording(const OfferCallback& callback);
InverseOfferCallback recording(const InverseOfferCallback& callback);

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_ALLOCATOR_RECORD_HPP
