// What a node says of itself: notes since its start, and why it writes nothing.
#include "core/viewmodel/describe.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct Describe {
    Q_DECLARE_TR_FUNCTIONS(Describe)
};

} // namespace

QString describeNote(const QString &note)
{
    const QStringList parts = note.split(u'\n');
    const QString &code = parts.front();
    if (code == "store_damaged_no_backup"_L1)
        return Describe::tr(
                   "The store was damaged (%2) and there was no backup, so Muster began with an empty "
                   "one. The damaged file is kept: %1")
            .arg(parts.value(1), parts.value(2));
    if (code == "store_restored"_L1)
        return Describe::tr("The store was damaged (%3) and was restored from the backup %1; what came after "
                            "that backup is missing. The damaged file is kept: %2")
            .arg(parts.value(1), parts.value(2), parts.value(3));
    if (code == "store_on_network"_L1)
        return Describe::tr(
            "The store is on a network file system, where it can be damaged. Set MUSTER_HOME to "
            "a folder on a disk of this machine.");
    if (code == "sqlite_old"_L1)
        return Describe::tr(
                   "SQLite %1 is too old for the search: new texts do not get into its index and are "
                   "not found. With SQLite 3.43 or newer they get there by themselves.")
            .arg(parts.value(1));
    if (code == "survivors_ended"_L1)
        return Describe::tr("Processes that an earlier node had left behind were ended: %1")
            .arg(parts.value(1));
    if (code == "unkillable"_L1)
        return Describe::tr("These processes of an earlier node could not be ended: %1").arg(parts.value(1));
    if (code == "schedules_overdue"_L1)
        return Describe::tr("Schedules are active, but none has been looked at since %1. Look at “muster "
                            "doctor”; starting the node anew lets them go on.")
            .arg(describeTime(parts.value(1).toLongLong()));
    return note;
}

QString describePause(const QString &reason)
{
    const QString detail = reason.section(u'\n', 1);
    if (reason.startsWith("disk_full"_L1))
        return Describe::tr("The disk is full. Nothing that was kept is lost; make room, and work goes on by "
                            "itself.");
    if (reason.startsWith("io"_L1))
        return Describe::tr("The store cannot be written (%1). Nothing that was kept is lost, and it is "
                            "tried again by itself; see that its disk is there and lets itself be written.")
            .arg(detail);
    return reason;
}

} // namespace muster
