// Finds and cleans the comments that belong to a declaration or to a file. Any thread.
#pragma once

#include "app/demo_agent/analysis/language.h"

#include <QString>
#include <QStringList>

namespace muster::demo {

// The comment block that ends on the line before `line` (index from 0), marks taken off; empty if none.
[[nodiscard]] QString commentBefore(const QStringList &lines, qsizetype line, const Language &language);

// The comment blocks before the first line of code, marks taken off.
[[nodiscard]] QStringList leadingComments(const QStringList &lines, const Language &language);

// The triple-quoted text that begins at or just after `line`, if the first thing there is one.
[[nodiscard]] QString docStringAt(const QStringList &lines, qsizetype line);

// Licence, copyright, editor and linter lines: text that says nothing of what the code does.
[[nodiscard]] bool isBoilerplate(const QString &comment);

} // namespace muster::demo
