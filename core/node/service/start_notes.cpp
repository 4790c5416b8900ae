#include "core/node/service/start_notes.h"

#include "core/store/sqlite_version.h"

namespace muster {

using namespace Qt::StringLiterals;

QStringList startNotes(const OpenReport &report, const QString &sqliteVersion)
{
    QStringList notes;
    if (report.damaged) {
        notes +=
            report.restoredFrom.isEmpty()
                ? u"store_damaged_no_backup\n%1\n%2"_s.arg(report.setAside, report.damage)
                : u"store_restored\n%1\n%2\n%3"_s.arg(report.restoredFrom, report.setAside, report.damage);
    }
    if (report.networkFileSystem)
        notes += u"store_on_network"_s;
    if (!indexesText(sqliteVersion))
        notes += u"sqlite_old\n"_s + sqliteVersion;
    return notes;
}

} // namespace muster
