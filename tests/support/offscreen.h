// The offscreen platform warns each time a window says how small it may get; everything else still counts.
#pragma once

#include <QString>
#include <QtLogging>

namespace muster::testing {

// To be called when Qt Test has installed its own handler: in initTestCase().
inline void ignoreOffscreenWarning()
{
    static QtMessageHandler before = nullptr;
    before =
        qInstallMessageHandler([](QtMsgType type, const QMessageLogContext &context, const QString &text) {
        if (text != QStringLiteral("This plugin does not support propagateSizeHints()"))
            before(type, context, text);
    });
}

} // namespace muster::testing
