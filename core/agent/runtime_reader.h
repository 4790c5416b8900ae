// Reads one runtime's file and checks all of it: every key known, every type right, patterns that compile,
// prices with date and source. The published form is resources/schema/runtime.schema.json. Any thread.
#pragma once

#include "core/agent/runtime_record.h"
#include "core/base/result.h"

#include <QByteArray>

namespace muster {

// `binFolder` stands for "{bin}" in argv[0]. InvalidArgument: `where` is the key ("models.0.prices.date"),
// detail what is wrong with it.
[[nodiscard]] Result<RuntimeRecord> runtimeFromJson(const QByteArray &json, const QString &binFolder);

// The same from a file, whose name precedes the key in `where`. TooLarge over 1 MiB, Io.
[[nodiscard]] Result<RuntimeRecord> runtimeFromFile(const QString &path, const QString &binFolder);

} // namespace muster
