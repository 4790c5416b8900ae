// Reading a JSON Schema with the eyes of one who does not trust it: each keyword is known, each reference is
// to a place in it, nothing refers back to itself without going down into the value. Not for other modules.
#pragma once

#include "core/base/result.h"

#include <QJsonObject>

namespace muster {

// The schema without what says nothing about a value. Error InvalidArgument as JsonSchema::compile().
[[nodiscard]] Result<QJsonObject> readSchema(const QJsonObject &schema);

// What a `$ref` at the top of `part` leads to, or the part itself.
[[nodiscard]] QJsonObject resolvedSchema(const QJsonObject &root, QJsonObject part);

} // namespace muster
