// The line of a text file that a problem is in, with a mark below its place, for a fixed-width terminal.
// Columns count code points from 1, as the flow parser's do. Long lines are cut around the place. Value type.
#pragma once

#include <QByteArrayList>
#include <QString>

namespace muster::app {

class SourceExcerpt {
public:
    explicit SourceExcerpt(const QByteArray &text);

    // "  12 | run: make" and "     |      ^"; empty if the file has no such line.
    [[nodiscard]] QStringList at(int line, int column) const;
    // As wide as what stands before the text of a line.
    [[nodiscard]] QString indent() const { return QString(m_digits + 5, u' '); }

    static constexpr int widest = 100; // characters of a line

private:
    QByteArrayList m_lines;
    int m_digits = 1;
};

} // namespace muster::app
