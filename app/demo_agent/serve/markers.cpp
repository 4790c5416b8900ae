#include "app/demo_agent/serve/markers.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace muster::demo {

int Marker::number(int otherwise) const
{
    bool ok = false;
    const int value = argument.toInt(&ok);
    return ok && value >= 0 ? value : otherwise;
}

MarkedText takeMarkers(const QString &text)
{
    static const QRegularExpression pattern(
        uR"([ \t]*@@(?:(effect):([^:\s]+):([^\n]*?)(?=[ \t]+@@|\n|$)|(once):([^:\s]+):(\S+)|([a-z][a-z0-9]*)(?::([^\s@]+))?))"_s);
    MarkedText marked;
    qsizetype from = 0;
    for (auto it = pattern.globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        marked.text += QStringView(text).sliced(from, match.capturedStart() - from);
        from = match.capturedEnd();
        if (match.hasCaptured(1))
            marked.markers.push_back({match.captured(1), match.captured(2), match.captured(3).trimmed()});
        else if (match.hasCaptured(4))
            marked.markers.push_back({match.captured(4), match.captured(5), match.captured(6)});
        else
            marked.markers.push_back({match.captured(7), match.captured(8), {}});
    }
    marked.text = QString(marked.text + QStringView(text).sliced(from)).trimmed();
    return marked;
}

} // namespace muster::demo
