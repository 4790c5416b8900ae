// The names a source file declares, with what its comments say of them, found line by line without a
// parser: good for reading and finding, not for compiling. Any thread.
#pragma once

#include "app/demo_agent/analysis/language.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <vector>

namespace muster::demo {

struct Symbol {
    QString name;
    QString kind; // "class", "function", "type" … as the language calls it
    QString doc;  // first sentence of its comment; may be empty
    int line = 0; // from 1
    bool isPublic = true;
    bool member = false; // declared inside another
};

[[nodiscard]] std::vector<Symbol> symbolsOf(const QByteArray &text, const Language &language,
                                            const QString &path);

// What the file says of itself at its top: module docstring, package or file comment, POD NAME. The first
// sentence, without licence texts; empty if it says nothing.
[[nodiscard]] QString fileSummary(const QByteArray &text, const Language &language, const QString &path);

} // namespace muster::demo
