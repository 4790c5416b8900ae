// Store: the facade that composition opens and everybody else is given: one writer, a read pool, backups,
// search, retention. open() checks the file, restores the newest good backup of a damaged one, backs up and
// migrates, and starts the threads; it blocks and runs once, before the event loop. Refuses (and writes
// nothing): a store of a newer Muster (NewerStore), another program's database (VersionMismatch). The other
// methods: any thread with an event loop; replies come in the caller's thread, as from StoreWriter.
#pragma once

#include "core/base/clock.h"
#include "core/base/paths.h"
#include "core/store/backup.h"
#include "core/store/retention.h"
#include "core/store/search_index.h"
#include "core/store/store_lock.h"
#include "core/store/store_reader.h"
#include "core/store/store_writer.h"
#include "core/store/table_sizes.h"

#include <memory>

namespace muster {

struct StoreOptions {
    QString file;
    QString backupDir;
    Durability durability = Durability::Full;
    int keepBackups = 7;
    StoreWriter::Limits writer;
    // A store larger than this is checked after open() by checkInBackground(), not during it.
    qint64 checkAtOpenBytes = 64LL * 1024 * 1024;

    [[nodiscard]] static StoreOptions forPaths(const Paths &paths, Durability durability);
};

// What happened when the store was opened, for people to be told.
struct OpenReport {
    bool created = false;
    int fromSchema = 0;
    int toSchema = 0;
    QString backupBeforeUpgrade; // file; empty: none was needed
    bool damaged = false;
    QString damage;                 // the first thing that the check found
    QString setAside;               // where the damaged file is now
    QString restoredFrom;           // backup; empty: none was good, the store is new
    qint64 restoredAtMs = 0;        // when that backup was made: what is later is missing
    bool networkFileSystem = false; // the write-ahead log does not work there
    bool checked = false;           // false: too large for now, see checkInBackground()
};

class Store final {
public:
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(const StoreOptions &options, const Clock &clock);
    ~Store(); // close()
    Store(const Store &) = delete;
    Store &operator=(const Store &) = delete;

    [[nodiscard]] StoreWriter &writer() { return m_writer; }
    [[nodiscard]] StoreReader &reader() { return m_reader; }
    [[nodiscard]] const OpenReport &openReport() const { return m_report; }
    [[nodiscard]] const StoreOptions &options() const { return m_options; }

    // Commits all that was posted and stops the threads. Blocks; composition only.
    void close();

    // A backup of today unless there is one; `done` gets its file, or an empty text if none was due.
    void backupIfDue(QObject *context, std::move_only_function<void(Result<QString>)> done);
    // The whole check of the file, on a reader's thread. Ok: nothing found. Corrupt: what was found first.
    void checkInBackground(QObject *context, std::move_only_function<void(Status)> done);
    void tableSizes(QObject *context, std::move_only_function<void(Result<std::vector<TableSize>>)> done);
    // Deletes one batch of what is older than the settings; `done` gets whether there may be more.
    void prune(const Retention &retention, QObject *context,
               std::move_only_function<void(Result<bool>)> done);
    // Feeds the text indexes with at most `rows` rows of each kind; `done` gets whether there may be more.
    void indexBatch(int rows, QObject *context, std::move_only_function<void(Result<bool>)> done);

private:
    Store(StoreOptions options, const Clock &clock, OpenReport report, StoreLock lock);

    StoreOptions m_options;
    const Clock &m_clock;
    OpenReport m_report;
    StoreLock m_lock;
    StoreWriter m_writer;
    StoreReader m_reader;
};

} // namespace muster
