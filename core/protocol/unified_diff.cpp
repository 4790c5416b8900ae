#include "core/protocol/unified_diff.h"

#include <QStringList>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype contextLines = 3;

struct Text {
    QStringList lines;
    bool endsOpen = false; // no line end after the last line
};

Text split(const QString &text)
{
    if (text.isEmpty())
        return {};
    Text result{.lines = text.split(u'\n'), .endsOpen = !text.endsWith(u'\n')};
    if (!result.endsOpen)
        result.lines.removeLast();
    return result;
}

void append(QString &out, QChar sign, const Text &text, qsizetype from, qsizetype to)
{
    for (qsizetype i = from; i < to; ++i) {
        out += sign + text.lines.at(i) + u'\n';
        if (text.endsOpen && i + 1 == text.lines.size())
            out += u"\\ No newline at end of file\n"_s;
    }
}

QString range(qsizetype from, qsizetype count)
{
    return QString::number(count == 0 ? from : from + 1) + u',' + QString::number(count);
}

} // namespace

QString unifiedDiff(const QString &path, const QString &oldText, const QString &newText)
{
    const Text before = split(oldText);
    const Text after = split(newText);
    const qsizetype shorter = std::min(before.lines.size(), after.lines.size());
    const auto sameAt = [&](qsizetype i, qsizetype j) {
        const bool lastOfOne = i + 1 == before.lines.size() || j + 1 == after.lines.size();
        const bool bothLast = i + 1 == before.lines.size() && j + 1 == after.lines.size();
        const bool endsDiffer = before.endsOpen != after.endsOpen || !bothLast;
        return before.lines.at(i) == after.lines.at(j) &&
               !(lastOfOne && (before.endsOpen || after.endsOpen) && endsDiffer);
    };
    qsizetype head = 0;
    while (head < shorter && sameAt(head, head))
        ++head;
    qsizetype tail = 0;
    while (tail < shorter - head && sameAt(before.lines.size() - 1 - tail, after.lines.size() - 1 - tail))
        ++tail;
    if (oldText == newText)
        return {};

    const qsizetype from = std::max<qsizetype>(0, head - contextLines);
    const qsizetype oldTail = before.lines.size() - tail;
    const qsizetype newTail = after.lines.size() - tail;
    const qsizetype oldTo = std::min(before.lines.size(), oldTail + contextLines);
    const qsizetype newTo = std::min(after.lines.size(), newTail + contextLines);
    QString out = u"--- "_s + (before.lines.isEmpty() ? u"/dev/null"_s : path) + u'\n' + u"+++ " +
                  (after.lines.isEmpty() ? u"/dev/null"_s : path) + u'\n' + u"@@ -" +
                  range(from, oldTo - from) + u" +" + range(from, newTo - from) + u" @@\n";
    append(out, u' ', before, from, head);
    append(out, u'-', before, head, oldTail);
    append(out, u'+', after, head, newTail);
    append(out, u' ', before, oldTail, oldTo);
    return out;
}

} // namespace muster
