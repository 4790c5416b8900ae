// The SQLite that this process works with, and what of it the store cannot do without. Any thread.
#pragma once

#include <QString>

namespace muster {

[[nodiscard]] QString sqliteVersion(); // "3.45.1"; empty: it cannot be asked

// Whether texts get into the search index: that takes octet_length(), which came with 3.43.
[[nodiscard]] bool indexesText(const QString &version);

} // namespace muster
