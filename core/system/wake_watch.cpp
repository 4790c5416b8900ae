#include "core/system/wake_watch.h"

#include <QDBusConnection>

namespace muster {

using namespace Qt::StringLiterals;

// Without the name of the service: its owner would be looked up first, and waited for.
bool WakeWatch::start()
{
    QDBusConnection bus = QDBusConnection::systemBus();
    return bus.connect(QString(), u"/org/freedesktop/login1"_s, u"org.freedesktop.login1.Manager"_s,
                       u"PrepareForSleep"_s, this, SLOT(onPrepareForSleep(bool)));
}

void WakeWatch::onPrepareForSleep(bool begins)
{
    if (!begins)
        emit woke();
}

} // namespace muster
