// The known word that a mistyped one was most likely meant to be. Any thread.
#pragma once

#include <QString>
#include <QStringList>

namespace muster {

// Empty if none is near: at most a third of the letters wrong (swapped neighbours count once), at least one.
[[nodiscard]] QString closestOf(const QString &word, const QStringList &known);

} // namespace muster
