// Names that may be broken over lines: paths, branches and step names have no blanks, and a label would
// insist on the width of the longest. For labels that are read, not copied: the text holds invisible places
// to break.
#pragma once

#include <QString>

namespace muster {

[[nodiscard]] inline QString breakable(const QString &text)
{
    QString out;
    out.reserve(text.size() + text.size() / 8);
    for (const QChar c : text) {
        out += c;
        if (c == u'_' || c == u'/' || c == u'-' || c == u'.')
            out += QChar(0x200b); // zero width space
    }
    return out;
}

} // namespace muster
