// McpArgument: what a tool takes, as data: its JSON Schema and the check of what came are made from the same
// table. Pure.
#pragma once

#include "core/base/result.h"

#include <QJsonObject>
#include <QString>

#include <vector>

namespace muster::app {

struct McpArgument {
    enum class Kind : std::uint8_t { Text, Id, Count, Flag, Inputs };

    const char *name;
    Kind kind = Kind::Text;
    bool required = false;
    const char *help = "";
    int most = 0; // of a Count, which is at least 1
};

[[nodiscard]] QJsonObject schemaOf(const std::vector<McpArgument> &arguments);
// InvalidArgument: which one is wrong and what it takes.
[[nodiscard]] Status checkArguments(const std::vector<McpArgument> &arguments, const QJsonObject &given);

} // namespace muster::app
