// Prose for a terminal: its lines broken between words, where the terminal would break them anywhere.
#pragma once

#include <QString>

namespace muster::app {

// No line is wider than `columns` characters, but one that has no place to break; what a line begins with
// (blanks, "- ", "* ") is where those begin that continue it. `columns` below 20: the text as it is. A
// character counts as one column, also one that terminals draw wide.
[[nodiscard]] QString wrappedText(const QString &text, int columns);

// Of the terminal that stdout is; 0: it is none.
[[nodiscard]] int terminalColumns();

} // namespace muster::app
