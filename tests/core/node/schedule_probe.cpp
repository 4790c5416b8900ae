// A second core for the schedules' tests: FILE NOW. Waits for a line on stdin, then looks at every schedule
// of the store, each in a transaction of its own, without asking whose turn it is; prints how many firings it
// made.
#include "core/node/schedules/schedule_pass.h"
#include "core/store/firing_repository.h"
#include "core/store/schedule_repository.h"

#include <QCoreApplication>

#include <cstdio>

using namespace muster;

namespace {

// As the ledger does it: what is refused leaves nothing behind.
Result<qint64> firingsOf(Connection &db, ScheduleId id, qint64 nowMs)
{
    EventBatch log(nowMs);
    const auto step = db.inTransaction([&] { return passSchedule(db, log, id); });
    if (!step)
        return std::unexpected(step.error());
    return std::ranges::count(log.events(), QStringLiteral("schedule.fired"), &Event::kind);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const auto db = Connection::open({.file = arguments.value(1), .busyTimeoutMs = 60'000});
    if (!db)
        return 1;
    const auto rows = ScheduleRepository(**db).list({});
    std::puts("ready");
    std::fflush(stdout);
    if (!rows || std::getchar() == EOF)
        return 1;
    qint64 fired = 0;
    for (const ScheduleRow &row : *rows) {
        const auto firings = firingsOf(**db, row.id, arguments.value(2).toLongLong());
        if (!firings && firings.error().code != ErrorCode::Conflict) {
            std::fprintf(stderr, "%s\n", qPrintable(firings.error().detail));
            return 1;
        }
        fired += firings.value_or(0);
    }
    std::printf("%lld\n", static_cast<long long>(fired));
    return 0;
}
