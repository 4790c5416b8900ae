// Small pure helpers on text that several parts of the analysis share. Any thread.
#pragma once

#include <QByteArrayView>
#include <QString>
#include <QStringList>

namespace muster::demo {

// The first sentence, markup taken off, blanks collapsed, cut at a word near `limit` characters.
[[nodiscard]] QString firstSentence(const QString &text, qsizetype limit = 160);
// Cut at a word with an ellipsis if longer than `limit`; one line.
[[nodiscard]] QString shortened(const QString &text, qsizetype limit);
// Comment marks, doc tags and inline markup of the common notations taken off.
[[nodiscard]] QString withoutMarkup(QString text);

[[nodiscard]] QString number(qint64 value);                                            // "12,345"
[[nodiscard]] QString counted(qint64 n, const QString &one, const QString &many = {}); // "1 file", "2 files"
[[nodiscard]] QString byteSize(qint64 bytes);                                          // "1.4 MB"
[[nodiscard]] QString listed(const QStringList &items);                                // "a, b and c"
// The first `limit` items and "and N more".
[[nodiscard]] QString listedUpTo(const QStringList &items, qsizetype limit);
// Line ends and other control characters as escapes, so that a name stays on its line.
[[nodiscard]] QString oneLine(const QString &name);
[[nodiscard]] QString code(const QString &text); // in backticks, on one line

[[nodiscard]] QByteArrayView trimmedView(QByteArrayView line);
[[nodiscard]] bool isWordByte(char c);
// Where `word` stands in `text` as a whole word, from `from`; -1 if nowhere.
[[nodiscard]] qsizetype indexOfWord(QByteArrayView text, QByteArrayView word, qsizetype from = 0);

} // namespace muster::demo
