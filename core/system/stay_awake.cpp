#include "core/system/stay_awake.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDir>
#include <QFile>

#include <chrono>
#include <utility>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QByteArray lineOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
}

} // namespace

bool isOnBattery(const QString &suppliesFolder)
{
    const QStringList supplies = QDir(suppliesFolder).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    return std::ranges::any_of(supplies, [&](const QString &name) {
        const QString supply = suppliesFolder + u'/' + name;
        return lineOf(supply + u"/type") == "Battery" && lineOf(supply + u"/scope") != "Device" &&
               lineOf(supply + u"/status") == "Discharging";
    });
}

StayAwake::StayAwake(std::function<AwakeRule()> rule, std::function<bool()> onBattery)
    : m_rule(std::move(rule))
    , m_onBattery(std::move(onBattery))
{
    m_eachMinute.setInterval(std::chrono::minutes(1));
    connect(&m_eachMinute, &QTimer::timeout, this, &StayAwake::look);
}

void StayAwake::setAtWork(bool atWork)
{
    if (std::exchange(m_atWork, atWork) == atWork)
        return;
    if (atWork)
        m_eachMinute.start();
    else
        m_eachMinute.stop();
    look();
}

bool StayAwake::isWanted() const
{
    const AwakeRule rule = m_atWork ? m_rule() : AwakeRule::Never;
    return rule == AwakeRule::Always || (rule == AwakeRule::Plugged && !m_onBattery());
}

void StayAwake::look()
{
    if (!isWanted())
        m_lock = {};
    else if (!m_lock.isValid() && !m_asking)
        ask();
}

void StayAwake::ask()
{
    QDBusMessage call =
        QDBusMessage::createMethodCall(u"org.freedesktop.login1"_s, u"/org/freedesktop/login1"_s,
                                       u"org.freedesktop.login1.Manager"_s, u"Inhibit"_s);
    call << u"idle"_s << u"Muster"_s << u"agents at work"_s << u"block"_s;
    call.setAutoStartService(false);
    m_asking = true;
    auto *answer = new QDBusPendingCallWatcher(QDBusConnection::systemBus().asyncCall(call), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this, [this, answer] {
        answer->deleteLater();
        m_asking = false;
        const QDBusPendingReply<QDBusUnixFileDescriptor> reply = *answer;
        if (reply.isValid() && isWanted())
            m_lock = reply.value();
    });
}

} // namespace muster
