#include "anonymous.hpp"

#include "startup.hpp"

namespace mesos_audit {
namespace {

const char NAME[] = "org_mesos_audit_Anonymous";

}  // namespace


mesos::modules::Anonymous* Anonymous::create(
    const mesos::Parameters& parameters)
{
  return mesos_audit::create<mesos::modules::Anonymous>(
      NAME, parameters, {"config"}, [](const Parameters&) {
        return new Anonymous();
      });
}

}  // namespace mesos_audit
