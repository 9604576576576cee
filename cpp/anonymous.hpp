// Does nothing but start the pipeline. Mesos creates anonymous modules before
// all others, so whatever is wrong with the configuration is found first.
#ifndef MESOS_AUDIT_ANONYMOUS_HPP
#define MESOS_AUDIT_ANONYMOUS_HPP

#include <mesos/module/anonymous.hpp>

namespace mesos_audit {

class Anonymous : public mesos::modules::Anonymous
{
public:
  static mesos::modules::Anonymous* create(const mesos::Parameters& parameters);
};

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_ANONYMOUS_HPP
