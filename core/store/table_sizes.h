// What takes how much of the store: bytes and rows per table, its indexes included. Any connection.
#pragma once

#include "core/store/connection.h"

namespace muster {

struct TableSize {
    QString table;
    std::optional<qint64> rows; // none: a full text index, which holds no text of its own
    qint64 bytes = 0;
};

// Largest first. Reads every page of the store: not often, and never on a thread that must answer soon.
[[nodiscard]] Result<std::vector<TableSize>> tableSizes(Connection &db);

} // namespace muster
