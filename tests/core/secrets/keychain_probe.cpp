// One question to the keychain in a process of its own: keychain_probe SERVICE LIMIT-MS read|write|remove
// NAME [VALUE]. Prints "ok VALUE", or the error's code, place and detail.
#include "core/base/error.h"
#include "core/secrets/keychain.h"

#include <QCoreApplication>
#include <QFutureWatcher>

#include <cstdio>

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    muster::Keychain keychain(arguments.value(1), std::chrono::milliseconds(arguments.value(2).toInt()));
    const QString what = arguments.value(3);
    const QString name = arguments.value(4);
    QFutureWatcher<muster::Result<QString>> watcher;
    QObject::connect(&watcher, &QFutureWatcherBase::finished, &app, [&] {
        const muster::Result<QString> result = watcher.result();
        const QString text = result ? QStringLiteral("ok ") + *result
                                    : QStringLiteral("%1 %2 %3")
                                          .arg(static_cast<int>(result.error().code))
                                          .arg(result.error().where, result.error().detail);
        std::fputs(qUtf8Printable(text), stdout);
        QCoreApplication::quit();
    });
    watcher.setFuture(what == u"write"    ? keychain.write(name, arguments.value(5))
                      : what == u"remove" ? keychain.remove(name)
                                          : keychain.read(name));
    return QCoreApplication::exec();
}
