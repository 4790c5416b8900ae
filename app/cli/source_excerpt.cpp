#include "app/cli/source_excerpt.h"

#include <algorithm>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

constexpr int before = 60; // characters that stay left of the place in a line that is cut

// One character of the terminal for each code point, so that the mark stands right.
QList<char32_t> plain(const QByteArray &line)
{
    QList<char32_t> points;
    const auto all = QString::fromUtf8(line).toUcs4();
    for (const char32_t point : all) {
        if (point != U'\r')
            points.append(QChar::category(point) == QChar::Other_Control ? U' ' : point);
    }
    return points;
}

} // namespace

SourceExcerpt::SourceExcerpt(const QByteArray &text)
    : m_lines(text.isEmpty() ? QByteArrayList() : text.split('\n'))
    , m_digits(static_cast<int>(QString::number(m_lines.size()).size()))
{
}

QStringList SourceExcerpt::at(int line, int column) const
{
    if (line < 1 || line > m_lines.size())
        return {};
    QList<char32_t> text = plain(m_lines.at(line - 1));
    auto mark = std::clamp<qsizetype>(column - 1, 0, text.size());
    if (mark > widest - 10) {
        const qsizetype cut = mark - before;
        text = text.sliced(cut);
        text.first() = U'…';
        mark -= cut;
    }
    if (text.size() > widest) {
        text.resize(widest);
        text.last() = U'…';
    }
    return {u"  %1 | %2"_s.arg(line, m_digits).arg(QString::fromUcs4(text.constData(), text.size())),
            QString(u"  "_s + QString(m_digits, u' ') + u" | "_s + QString(mark, u' ') + u'^')};
}

} // namespace muster::app
