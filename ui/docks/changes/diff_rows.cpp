#include "ui/docks/changes/diff_rows.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

DiffRowKind kindOf(const QString &kind)
{
    if (kind == "added"_L1)
        return DiffRowKind::Added;
    if (kind == "removed"_L1)
        return DiffRowKind::Removed;
    return kind == "context"_L1 ? DiffRowKind::Context : DiffRowKind::Note;
}

QChar signOf(DiffRowKind kind)
{
    if (kind == DiffRowKind::Added)
        return u'+';
    return kind == DiffRowKind::Removed ? u'-' : u' ';
}

// A line end within a line would make two of it and put all that follows beside its number.
QString oneLine(QString text)
{
    for (const QChar end :
         {QChar(u'\n'), QChar(u'\r'), QChar(QChar::LineSeparator), QChar(QChar::ParagraphSeparator)})
        text.remove(end);
    return text;
}

} // namespace

DiffRows diffRowsOf(const api::FileChange &file)
{
    DiffRows out;
    const auto add = [&](const DiffRow &row, const QString &text) {
        if (!out.rows.empty())
            out.text += u'\n';
        out.text += text;
        out.rows.push_back(row);
        out.lastLine = std::max({out.lastLine, row.oldLine, row.newLine});
    };
    for (const api::DiffHunk &hunk : file.hunks) {
        out.hunks.push_back(static_cast<int>(out.rows.size()));
        add({.kind = DiffRowKind::Hunk}, oneLine(hunk.header));
        for (const api::DiffLine &line : hunk.lines) {
            const DiffRowKind kind = kindOf(line.kind);
            add({.kind = kind, .oldLine = line.oldLine, .newLine = line.newLine},
                signOf(kind) + oneLine(line.text));
        }
    }
    return out;
}

} // namespace muster
