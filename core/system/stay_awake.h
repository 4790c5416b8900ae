// StayAwake: asks the system not to fall asleep by itself while something is at work (systemd-logind, over
// the system's D-Bus). What a person does, a closed lid too, may put the machine to sleep all the same. A
// wish only: where nobody takes it, nothing is different, nor where a desktop looks after sleep itself and
// not at logind (GNOME's gsd-power). Core thread. Sources: org.freedesktop.login1(5), Inhibit "idle"; power
// supplies: Linux, Documentation/ABI/testing/sysfs-class-power.
#pragma once

#include "core/base/enum_names.h"

#include <QDBusUnixFileDescriptor>
#include <QObject>
#include <QTimer>

#include <functional>

namespace muster {

enum class AwakeRule : std::uint8_t { Never, Plugged, Always };

template <> struct EnumNames<AwakeRule> {
    static constexpr std::array table{std::pair{AwakeRule::Never, "never"},
                                      std::pair{AwakeRule::Plugged, "plugged"},
                                      std::pair{AwakeRule::Always, "always"}};
};

// Whether the machine lives on its battery, from the folder in which the system shows its power supplies;
// those of mice and the like do not count.
[[nodiscard]] bool isOnBattery(const QString &suppliesFolder = QStringLiteral("/sys/class/power_supply"));

class StayAwake final : public QObject {
    Q_OBJECT
public:
    // Both are asked when it begins to matter, and each minute while it does.
    StayAwake(std::function<AwakeRule()> rule, std::function<bool()> onBattery);

    void setAtWork(bool atWork);
    [[nodiscard]] bool isHeld() const { return m_lock.isValid(); }

private:
    [[nodiscard]] bool isWanted() const;
    void look();
    void ask();

    std::function<AwakeRule()> m_rule;
    std::function<bool()> m_onBattery;
    QTimer m_eachMinute;
    QDBusUnixFileDescriptor m_lock; // the wish stands as long as this is open
    bool m_atWork = false;
    bool m_asking = false;
};

} // namespace muster
