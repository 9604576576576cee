#include "extract_trial.hpp"

namespace mesos_audit {
namespace extract {
namespace {

void bytes(std::string* fields, const Field& field, const std::string& value)
{
  uint8_t start[PREFIX_BYTES];
  prefix(field.number, value.size(), start);
  fields->append(reinterpret_cast<const char*>(start), sizeof(start));
  fields->append(value);
}


void tag(std::string* fields, const Field& field, uint8_t type)
{
  fields->push_back(static_cast<char>(field.number << 3 | type));
}

}  // namespace


std::string Sample::wire(const Layout& layout)
{
  std::string fields;
  for (const Field* field = layout.first; field != layout.last; ++field) {
    append(&fields, *field);
    if (field->bit == REPEATED && wanted == ALL) {
      append(&fields, *field);
    }
  }
  return fields;
}


void Sample::append(std::string* fields, const Field& field)
{
  if (field.part != nullptr) {
    const std::string part = wire(*field.part);
    if (!part.empty()) {
      bytes(fields, field, part);
    }
    return;
  }

  const int leaf = index++;
  if (wanted != ALL && wanted != leaf) {
    return;
  }
  switch (field.kind) {
    case Kind::Text:
    case Kind::Texts: {
      // Each one another; short ones and long ones are kept differently.
      const std::string text(second ? 40 : 3, 'a');
      bytes(fields, field, text + std::to_string(leaf));
      break;
    }
    case Kind::Double:
      tag(fields, field, FIXED64);
      fields->append(second ? "12345678" : "87654321");
      break;
    case Kind::Enum:
      // These are values of every enum that is extracted.
      tag(fields, field, VARINT);
      fields->push_back(second ? 2 : 1);
      break;
    case Kind::Bool:
      tag(fields, field, VARINT);
      fields->push_back(second ? 1 : 0);
      break;
    default:
      // There, and empty.
      bytes(fields, field, std::string());
      break;
  }
}


std::string extracted(
    const Layout& layout, const google::protobuf::MessageLite& message)
{
  std::string room(LONGEST, '\0');
  uint8_t* const begin = reinterpret_cast<uint8_t*>(&room[0]);
  const uint8_t* const behind =
      write(layout, message, begin, begin + room.size());

  room.resize(behind == nullptr ? 0 : behind - begin);
  return room;
}

}  // namespace extract
}  // namespace mesos_audit
