// Which process exactly: a pid alone is reused, so boot and start time belong to it. Any thread.
// Start time: field 22 of /proc/PID/stat (proc(5)), clock ticks since boot. A zombie counts as dead.
#pragma once

#include "core/base/result.h"

#include <QString>
#include <QtTypes>

#include <optional>

namespace muster {

struct ProcessIdentity {
    QString bootId;
    qint64 pid = 0;
    quint64 startTicks = 0;

    friend bool operator==(const ProcessIdentity &, const ProcessIdentity &) = default;
};

// Of this machine and pid namespace: two namespaces on one machine number their processes differently.
[[nodiscard]] QString machineId();
[[nodiscard]] QString bootId();

[[nodiscard]] ProcessIdentity ownIdentity();
// nullopt: there is no such process, or it is a zombie.
[[nodiscard]] std::optional<ProcessIdentity> identityOf(qint64 pid);
[[nodiscard]] bool isAlive(const ProcessIdentity &identity);
// Sends only if it still is that process (pidfd where there is one). False: it is gone or may not be
// signalled.
bool signalProcess(const ProcessIdentity &identity, int signal);

// A lease's owner as text: "machine/boot/pid/start".
struct LeaseOwner {
    QString machine;
    ProcessIdentity process;

    friend bool operator==(const LeaseOwner &, const LeaseOwner &) = default;
};

[[nodiscard]] QString ownerText();
[[nodiscard]] QString ownerText(const LeaseOwner &owner);
[[nodiscard]] Result<LeaseOwner> parseOwner(const QString &text);
// True only if nobody can be there: this machine and an earlier boot, or this boot and the process gone.
// Another machine, or text that cannot be read: false, nothing is known.
[[nodiscard]] bool isProvenDead(const QString &owner);

} // namespace muster
