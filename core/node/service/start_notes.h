// What the person should know of a node's start: codes with their arguments, in lines (core/viewmodel's
// describeNote says them). Pure.
#pragma once

#include "core/store/store.h"

#include <QStringList>

namespace muster {

[[nodiscard]] QStringList startNotes(const OpenReport &report, const QString &sqliteVersion);

} // namespace muster
