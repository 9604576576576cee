#include "wire.hpp"

namespace driver {
namespace {

void varint(std::string* wire, uint64_t value)
{
  while (value >= 0x80) {
    wire->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  wire->push_back(static_cast<char>(value));
}

}  // namespace


const std::string HOSTILE = std::string(
    "\x00\x01\n\r\t\x1b[2J\x1b]0;x\x07\xff\xfe\xc3\x28\"},{\"a\":\"", 29);


std::string fields(std::initializer_list<std::pair<uint32_t, std::string>> list)
{
  std::string wire;
  for (const auto& field : list) {
    varint(&wire, field.first << 3 | 2);
    varint(&wire, field.second.size());
    wire += field.second;
  }
  return wire;
}


std::string number(uint32_t field, uint64_t value)
{
  std::string wire;
  varint(&wire, field << 3);
  varint(&wire, value);
  return wire;
}


std::string taskInfo(const std::string& id)
{
  return fields(
      {{1, "name of " + id},
       {2, fields({{1, id}})},
       {3, fields({{1, "agent-1"}})},
       {7,
        fields(
            {{2,
              fields({{1, fields({{1, "NAME"}, {2, "CANARY-command"}})}})}})}});
}


std::string executorInfo(const std::string& id)
{
  return fields({{1, fields({{1, id}})}, {8, fields({{1, "framework-1"}})}});
}


std::string frameworkInfo(const std::string& id, const std::string& principal)
{
  return fields(
      {{1, "root"}, {2, "name"}, {3, fields({{1, id}})}, {8, principal}});
}


std::string slaveInfo(const std::string& hostname)
{
  return fields({{1, hostname}, {6, fields({{1, "agent-1"}})}});
}


mesos::Parameters parameters(
    std::initializer_list<std::pair<std::string, std::string>> list)
{
  std::string wire;
  for (const auto& pair : list) {
    wire += fields({{1, fields({{1, pair.first}, {2, pair.second}})}});
  }

  mesos::Parameters result;
  result.ParsePartialFromString(wire);
  return result;
}

}  // namespace driver
