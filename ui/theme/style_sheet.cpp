#include "ui/theme/style_sheet.h"

#include "ui/theme/metrics.h"

#include <QFile>
#include <QHash>
#include <QString>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

QHash<QString, QString> variables(const ThemeColors &c)
{
    QHash<QString, QString> names{
        {u"window"_s, c.window.name()},
        {u"surface"_s, c.surface.name()},
        {u"raised"_s, c.raised.name()},
        {u"sunken"_s, c.sunken.name()},
        {u"selection"_s, c.selection.name()},
        {u"hover"_s, c.hover.name()},
        {u"border"_s, c.border.name()},
        {u"strongBorder"_s, c.strongBorder.name()},
        {u"focus"_s, c.focus.name()},
        {u"text"_s, c.text.name()},
        {u"mutedText"_s, c.mutedText.name()},
        {u"disabledText"_s, c.disabledText.name()},
        {u"accent"_s, c.accent.name()},
        {u"accentText"_s, c.accentText.name()},
        {u"failed"_s, c.failed.name()},
        {u"waiting"_s, c.waiting.name()},
        {u"radius"_s, QString::number(metrics::radius()) % u"px"},
    };
    for (int n = 1; n <= 9; ++n) {
        names.insert(u"u" % QString::number(n), QString::number(metrics::units(n)) % u"px");
        // Beside a border that is a pixel wider: what is inside does not move.
        names.insert(u"less" % QString::number(n), QString::number(metrics::units(n) - 1) % u"px");
    }
    return names;
}

} // namespace

QString styleSheetFor(const ThemeColors &colors)
{
    QFile file(u":/muster/themes/muster.qss"_s);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QString pattern = QString::fromUtf8(file.readAll());
    const QHash<QString, QString> names = variables(colors);
    QString out;
    out.reserve(pattern.size() + pattern.size() / 4);
    qsizetype at = 0;
    while (at < pattern.size()) {
        if (pattern[at] != u'@') {
            out += pattern[at++];
            continue;
        }
        qsizetype end = at + 1;
        while (end < pattern.size() && pattern[end].isLetterOrNumber())
            ++end;
        out += names.value(pattern.mid(at + 1, end - at - 1), u"@unknown"_s);
        at = end;
    }
    return out;
}

} // namespace muster
