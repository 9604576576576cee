// Mesos's own hierarchical allocator, made as the master would make it.
#ifndef MESOS_AUDIT_INNER_ALLOCATOR_HPP
#define MESOS_AUDIT_INNER_ALLOCATOR_HPP

#include <memory>

#include <mesos/allocator/allocator.hpp>

#include "parameters.hpp"

namespace mesos_audit {

// By the parameters `role_sorter` and `framework_sorter` (`drf` or `random`,
// as the master's flags of these names, which it does not tell a module).
// Throws where Mesos has no such allocator, or exports none.
std::unique_ptr<mesos::allocator::Allocator> createInnerAllocator(
    const Parameters& given);

}  // namespace mesos_audit

#endif  // MESOS_AUDIT_INNER_ALLOCATOR_HPP
