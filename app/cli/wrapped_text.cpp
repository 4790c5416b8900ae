#include "app/cli/wrapped_text.h"

#include <QStringBuilder>
#include <QStringList>
#include <QTextBoundaryFinder>

#include <sys/ioctl.h>
#include <unistd.h>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

constexpr int narrowest = 20;

QString indentBelow(const QString &line)
{
    qsizetype blanks = 0;
    while (blanks < line.size() && line.at(blanks) == u' ')
        ++blanks;
    const QStringView rest = QStringView(line).sliced(blanks);
    const bool isItem = rest.startsWith(u"- ") || rest.startsWith(u"* ");
    return QString(blanks + (isItem ? 2 : 0), u' ');
}

// The text between two places where a line may be broken, with the blanks behind it.
QStringList partsOf(const QString &line)
{
    QStringList parts;
    QTextBoundaryFinder finder(QTextBoundaryFinder::Line, line);
    for (qsizetype from = 0, to = finder.toNextBoundary(); to >= 0; from = to, to = finder.toNextBoundary())
        parts += line.sliced(from, to - from);
    return parts;
}

qsizetype widthOf(const QString &text) { return QStringView(text).trimmed().toUcs4().size(); }

QString wrappedLine(const QString &line, int columns)
{
    if (line.size() <= columns)
        return line;
    const QString indent = indentBelow(line);
    QStringList lines;
    QString current;
    const QStringList parts = partsOf(line);
    for (const QString &part : parts) {
        const bool fits = current.toUcs4().size() + widthOf(part) <= columns;
        if (!fits && !current.trimmed().isEmpty()) {
            lines += current;
            current = indent;
        }
        current += part;
    }
    lines += current;
    for (QString &one : lines) {
        while (one.endsWith(u' '))
            one.chop(1);
    }
    return lines.join(u'\n');
}

} // namespace

QString wrappedText(const QString &text, int columns)
{
    if (columns < narrowest)
        return text;
    QStringList lines = text.split(u'\n');
    for (QString &line : lines)
        line = wrappedLine(line, columns);
    return lines.join(u'\n');
}

int terminalColumns()
{
    winsize size{};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

} // namespace muster::app
