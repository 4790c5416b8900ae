#include "core/viewmodel/terminal_filter.h"
#include "ui/docks/terminal/terminal_view.h"

namespace muster {
namespace {

const QByteArray bracketStart = QByteArrayLiteral("\x1b[200~");
const QByteArray bracketEnd = QByteArrayLiteral("\x1b[201~");

} // namespace

QByteArray cleanTyped(const QByteArray &typed)
{
    if (!typed.startsWith(bracketStart)) {
        // No key sends a bracket: whoever put one here wants to leave one.
        QByteArray plain = typed;
        plain.replace(bracketStart, QByteArray());
        return plain.replace(bracketEnd, QByteArray());
    }
    QByteArray inside = typed.sliced(bracketStart.size());
    if (inside.endsWith(bracketEnd))
        inside.chop(bracketEnd.size());
    return bracketStart + sanitizePaste(QString::fromUtf8(inside)).text.replace(u'\n', u'\r').toUtf8() +
           bracketEnd;
}

} // namespace muster
