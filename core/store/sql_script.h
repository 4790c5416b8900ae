// Splits an SQL script into statements, because the driver takes one at a time: knows strings, quoted names,
// comments, and the BEGIN…END of triggers. Pure, any thread.
#pragma once

#include <QStringList>

namespace muster {

// Without the separating semicolons, comments or blank statements; an unfinished last one is kept.
[[nodiscard]] QStringList splitSqlScript(QStringView script);

} // namespace muster
