// What SQLite said, as an Error. Any thread.
#pragma once

#include "core/base/error.h"

#include <QSqlError>

namespace muster {

[[nodiscard]] Error toError(const QSqlError &error, const QString &where = {});

// The connection's transaction cannot go on after this; what was done in it may be gone already.
[[nodiscard]] bool endsTransaction(ErrorCode code);

} // namespace muster
