// Resources, and maps of them, as Mesos would hand them over: mesos_sdk only
// describes how to look at such things, so here they are made in memory of
// their size, by Mesos's own constructors. None is ever destroyed.
#ifndef MESOS_AUDIT_DRIVER_AMOUNTS_HPP
#define MESOS_AUDIT_DRIVER_AMOUNTS_HPP

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <mesos/allocator/allocator.hpp>

namespace driver {

// As for an agent's --resources: "cpus:1;mem:32", of the role `*` unless they
// say otherwise, "cpus(web):1".
const mesos::Resources& resources(const std::string& text);

// A copy by Mesos's own constructor, made at `at`.
void copyTo(void* at, const mesos::Resources& resources);

// "cpus:1 ..." of what Mesos made: each resource's bytes, so that a difference
// of any kind is one.
std::string bytes(const mesos::Resources& resources);


template <typename M>
M id(const std::string& value);


struct IdHash
{
  // Not `noexcept`, as Mesos's: see mesos_sdk/mesos/mesos.hpp.
  size_t operator()(const google::protobuf::MessageLite& message) const
  {
    return std::hash<std::string>()(message.SerializePartialAsString());
  }
};


struct IdEqual
{
  bool operator()(
      const google::protobuf::MessageLite& left,
      const google::protobuf::MessageLite& right) const
  {
    return left.SerializePartialAsString() == right.SerializePartialAsString();
  }
};


template <typename T>
struct Raw
{
  alignas(8) unsigned char storage[sizeof(T)];
};


// Laid out as hashmap<Id, Resources>.
template <typename Id>
class Amounts
{
public:
  Amounts() {}

  Amounts& add(const std::string& name, const mesos::Resources& amounts)
  {
    copyTo(&map[id<Id>(name)], amounts);
    return *this;
  }

  const hashmap<Id, mesos::Resources>& view() const
  {
    return reinterpret_cast<const hashmap<Id, mesos::Resources>&>(map);
  }

private:
  std::unordered_map<Id, Raw<mesos::Resources>, IdHash, IdEqual> map;
};


// Guarantees and limits, "cpus" only.
class CpuQuota
{
public:
  CpuQuota(double guarantee, double limit);

  CpuQuota(const CpuQuota&) = delete;

  const mesos::Quota& view() const
  {
    return reinterpret_cast<const mesos::Quota&>(*this);
  }

private:
  // As ResourceQuantities and ResourceLimits.
  struct Quantities
  {
    void set(double cpus);

    mesos::Quantity* start;
    size_t size;
    size_t capacity;
    Raw<mesos::Quantity> inlined[7];
  };

  Quantities guarantees;
  Quantities limits;
};


// No offers wanted for these roles.
class FrameworkOptions
{
public:
  explicit FrameworkOptions(const std::set<std::string>& suppressed);

  mesos::allocator::FrameworkOptions& view()
  {
    return reinterpret_cast<mesos::allocator::FrameworkOptions&>(*this);
  }

private:
  std::set<std::string> suppressedRoles;
  void* filter;
};

}  // namespace driver

#endif  // MESOS_AUDIT_DRIVER_AMOUNTS_HPP
