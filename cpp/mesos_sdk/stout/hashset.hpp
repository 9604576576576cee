// Describes stout/hashset.hpp: a std::unordered_set under another name, to be
// walked as a hashmap is.
#ifndef MESOS_SDK_STOUT_HASHSET_HPP
#define MESOS_SDK_STOUT_HASHSET_HPP

#include <functional>
#include <unordered_set>

template <
    typename Element,
    typename Hash = std::hash<Element>,
    typename Equal = std::equal_to<Element>>
class hashset : public std::unordered_set<Element, Hash, Equal>
{};

#endif  // MESOS_SDK_STOUT_HASHSET_HPP
