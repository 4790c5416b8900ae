// With MUSTER_SHOTS=DIR the tests of pages leave pictures of them there, in light and dark, to be looked at.
#pragma once

#include "ui/theme/theme.h"

#include <QDir>
#include <QPixmap>
#include <QTest>
#include <QWidget>

namespace muster::testing {

// The offscreen platform warns of every window that has a smallest size or comes to the front; no news.
inline void hushOffscreen()
{
    static QtMessageHandler before = nullptr;
    before =
        qInstallMessageHandler([](QtMsgType type, const QMessageLogContext &context, const QString &message) {
        if (!message.startsWith(QLatin1StringView("This plugin does not support ")))
            before(type, context, message);
    });
}

inline void takePictures(QWidget &page, Theme &theme, const QString &name)
{
    const QString folder = qEnvironmentVariable("MUSTER_SHOTS");
    if (folder.isEmpty())
        return;
    const QString scale = QString::number(page.devicePixelRatio()) + QStringLiteral("x");
    for (const auto &[mode, word] :
         {std::pair{ThemeMode::Dark, "dark"}, std::pair{ThemeMode::Light, "light"}}) {
        theme.setMode(mode);
        page.update();
        QCoreApplication::sendPostedEvents();
        QVERIFY(page.grab().save(QDir(folder).filePath(name + u'-' + QString::fromLatin1(word) + u'-' +
                                                       scale + QStringLiteral(".png"))));
    }
}

} // namespace muster::testing
