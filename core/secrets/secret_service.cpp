#include "core/secrets/secret_service.h"

#include <QDBusConnection>
#include <QDBusMetaType>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

using Attributes = QMap<QString, QString>;
using Items = QList<QDBusObjectPath>;

constexpr int limitMs = 5'000;

} // namespace

void lookForLocked(const QString &service, const QString &name, QObject *context,
                   std::function<void(bool)> done)
{
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) { // such a call would never end
        QMetaObject::invokeMethod(context, [done = std::move(done)] { done(false); }, Qt::QueuedConnection);
        return;
    }
    qDBusRegisterMetaType<Attributes>();
    auto search = QDBusMessage::createMethodCall(u"org.freedesktop.secrets"_s, u"/org/freedesktop/secrets"_s,
                                                 u"org.freedesktop.Secret.Service"_s, u"SearchItems"_s);
    search << QVariant::fromValue(Attributes{{u"server"_s, service}, {u"user"_s, name}});
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(search, limitMs), context);
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, context,
                     [done = std::move(done)](QDBusPendingCallWatcher *finished) {
        finished->deleteLater();
        const QDBusPendingReply<Items, Items> reply = *finished; // unlocked ones, locked ones
        done(!reply.isError() && !reply.argumentAt<1>().isEmpty());
    });
}

} // namespace muster
