// Describes stout/hashmap.hpp: a std::unordered_map under another name.
//
// Maps that the host filled must be walked, not looked up in: its hash
// functions are its own.
#ifndef MESOS_SDK_STOUT_HASHMAP_HPP
#define MESOS_SDK_STOUT_HASHMAP_HPP

#include <functional>
#include <unordered_map>

template <
    typename Key,
    typename Value,
    typename Hash = std::hash<Key>,
    typename Equal = std::equal_to<Key>>
class hashmap : public std::unordered_map<Key, Value, Hash, Equal>
{};

#endif  // MESOS_SDK_STOUT_HASHMAP_HPP
