#include "core/store/store.h"

#include "core/base/log.h"
#include "core/store/migrator.h"
#include "core/store/recovery.h"

#include <QDir>
#include <QFileInfo>
#include <QStorageInfo>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

ConnectionOptions connectionOptions(const StoreOptions &options, ConnectionOptions::Mode mode)
{
    return {.file = options.file, .mode = mode, .durability = options.durability};
}

bool isOnNetwork(const QString &file)
{
    const QByteArray type = QStorageInfo(QFileInfo(file).absolutePath()).fileSystemType();
    static const QList<QByteArray> remote{"nfs", "nfs4",       "cifs", "smb3", "smbfs",
                                          "9p",  "fuse.sshfs", "afs",  "ceph"};
    return remote.contains(type);
}

// What is wrong with the file, if anything; `report.checked` says how deep it was looked.
Status findDamage(const StoreOptions &options, const Migrator &migrator, const Backups &backups,
                  OpenReport &report)
{
    const QFileInfo file(options.file);
    if (!file.exists())
        return {};
    if (file.isDir())
        return fail(ErrorCode::Io, u"a folder"_s, options.file);
    if (file.size() == 0) {
        // A process that died while it made the store leaves this too, but then there are no backups yet.
        report.checked = true;
        return backups.list().empty() ? Status()
                                      : fail(ErrorCode::Corrupt, u"the file is empty"_s, options.file);
    }
    if (Status inspected = migrator.inspect(options.file); !inspected)
        return inspected;
    if (file.size() > options.checkAtOpenBytes)
        return {};
    report.checked = true;
    return checkStoreFile(options.file);
}

Status recover(const StoreOptions &options, const Backups &backups, StoreLock &lock, qint64 nowMs,
               const Error &damage, OpenReport &report)
{
    // Others that have it open would go on writing into the file that is set aside.
    if (!lock.tryAlone())
        return fail(ErrorCode::Corrupt, u"in use"_s, options.file);
    const auto recovered = setAsideAndRestore(options.file, backups, nowMs);
    lock.backToShared();
    if (!recovered)
        return std::unexpected(recovered.error());
    report.damaged = true;
    report.damage = damage.detail;
    report.setAside = recovered->setAside;
    if (recovered->from) {
        report.restoredFrom = recovered->from->file;
        report.restoredAtMs = recovered->from->atMs;
    }
    qCWarning(logStore) << "damaged store set aside as" << report.setAside << "restored from"
                        << report.restoredFrom;
    return {};
}

Status migrate(const StoreOptions &options, const Migrator &migrator, const Backups &backups, qint64 nowMs,
               OpenReport &report)
{
    auto db = Connection::open(connectionOptions(options, ConnectionOptions::Mode::ReadWrite));
    if (!db)
        return std::unexpected(db.error());
    const auto migrated =
        migrator.migrate(**db, nowMs, [&] { return backups.make(options.file, nowMs, u"upgrade"_s); });
    if (!migrated)
        return std::unexpected(migrated.error());
    report.created = migrated->created;
    report.fromSchema = migrated->from;
    report.toSchema = migrated->to;
    report.backupBeforeUpgrade = migrated->backup;
    return {};
}

Status makeFolders(const StoreOptions &options)
{
    for (const QString &dir : {QFileInfo(options.file).absolutePath(), options.backupDir}) {
        if (!QDir().mkpath(dir))
            return fail(ErrorCode::Io, u"cannot make the folder"_s, dir);
    }
    return {};
}

// SQLite says "disk I/O error" where its shared memory file finds no room.
bool hasRoom(const QString &file)
{
    constexpr qint64 leastBytes = qint64{64} * 1024;
    const QStorageInfo disk(QFileInfo(file).absolutePath());
    return disk.isReadOnly() || disk.bytesAvailable() >= leastBytes;
}

// Of a store that cannot be opened it does not help to hear at which statement.
std::unexpected<Error> notOpened(const Error &error, const StoreOptions &options)
{
    if (error.code != ErrorCode::Io || error.detail == "a folder"_L1)
        return std::unexpected(error);
    if (!hasRoom(options.file))
        return fail(ErrorCode::DiskFull, error.detail, options.file);
    const QString place = error.where.startsWith(u'/') ? error.where : options.file;
    return fail(ErrorCode::Io, u"%1: %2"_s.arg(place, error.detail), u"store"_s);
}

} // namespace

StoreOptions StoreOptions::forPaths(const Paths &paths, Durability durability)
{
    StoreOptions options;
    options.file = paths.storeFile;
    options.backupDir = paths.backupDir;
    options.durability = durability;
    return options;
}

Result<std::unique_ptr<Store>> Store::open(const StoreOptions &options, const Clock &clock)
{
    if (Status made = makeFolders(options); !made)
        return notOpened(made.error(), options);
    auto lock = StoreLock::share(options.file);
    if (!lock)
        return notOpened(lock.error(), options);
    const Migrator migrator;
    const Backups backups(options.backupDir, options.keepBackups);
    OpenReport report;
    report.networkFileSystem = isOnNetwork(options.file);
    Status status = findDamage(options, migrator, backups, report);
    if (!status && status.error().code == ErrorCode::Corrupt)
        status = recover(options, backups, *lock, clock.nowMs(), status.error(), report);
    if (status)
        status = migrate(options, migrator, backups, clock.nowMs(), report);
    if (!status)
        return notOpened(status.error(), options);
    std::unique_ptr<Store> store(new Store(options, clock, std::move(report), std::move(*lock)));
    if (Status started = store->m_writer.start(); !started)
        return notOpened(started.error(), options);
    if (Status started = store->m_reader.start(); !started)
        return notOpened(started.error(), options);
    return store;
}

Store::Store(StoreOptions options, const Clock &clock, OpenReport report, StoreLock lock)
    : m_options(std::move(options))
    , m_clock(clock)
    , m_report(std::move(report))
    , m_lock(std::move(lock))
    , m_writer(connectionOptions(m_options, ConnectionOptions::Mode::ReadWrite), m_options.writer)
    , m_reader(connectionOptions(m_options, ConnectionOptions::Mode::ReadOnly))
{
}

Store::~Store() { close(); }

void Store::close()
{
    m_reader.stop();
    m_writer.stop(); // last, so that the log is moved into the file and removed
}

void Store::backupIfDue(QObject *context, std::move_only_function<void(Result<QString>)> done)
{
    auto job = [options = m_options, now = m_clock.nowMs()]() -> Result<QString> {
        const Backups backups(options.backupDir, options.keepBackups);
        if (!backups.dueAt(now))
            return QString();
        return backups.make(options.file, now, u"daily"_s);
    };
    m_reader.run(context, std::move(job), std::move(done));
}

void Store::checkInBackground(QObject *context, std::move_only_function<void(Status)> done)
{
    m_reader.run(context, [file = m_options.file] { return checkStoreFile(file); }, std::move(done));
}

void Store::tableSizes(QObject *context, std::move_only_function<void(Result<std::vector<TableSize>>)> done)
{
    m_reader.read(context, [](Connection &db) { return muster::tableSizes(db); }, std::move(done));
}

void Store::prune(const Retention &retention, QObject *context,
                  std::move_only_function<void(Result<bool>)> done)
{
    auto job = [retention, now = m_clock.nowMs()](Connection &db) {
        return pruneBatch(db, retention, now);
    };
    m_writer.write(context, std::move(job), std::move(done));
}

void Store::indexBatch(int rows, QObject *context, std::move_only_function<void(Result<bool>)> done)
{
    m_writer.write(context, [rows](Connection &db) { return SearchIndex(db).feed(rows); }, std::move(done));
}

} // namespace muster
