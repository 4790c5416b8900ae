// The node's side of muster-guard: starts a guarded command under a key, finds it again by that key after a
// restart, follows its output, takes its result. Everything is in files (guard_layout.h), so it does not
// matter whether this node started the guard. One thread with an event loop.
#pragma once

#include "core/base/enum_names.h"
#include "core/base/result.h"
#include "core/process/launch_spec.h"
#include "core/process/process_identity.h"

#include <QByteArray>
#include <QHash>
#include <QMetaType>
#include <QObject>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>
#include <variant>

namespace muster {

struct GuardSpec {
    QString key = {}; // of the attempt; 1 … 1024 bytes
    QString cwd = {};
    QStringList command = {}; // for example /bin/sh -c CMD
    QStringList env = {};     // complete; the guard adds MUSTER_GUARD=<key>
    qint64 timeoutMs = 0;     // 0: none
    qint64 graceMs = 2000;
    qint64 outputCapBytes = qint64{16} * 1024 * 1024; // the first and the last half are kept
};

enum class GuardEnd : std::uint8_t { Exited, Signalled, TimedOut, Stopped, LaunchFailed };

template <> struct EnumNames<GuardEnd> {
    static constexpr std::array table{
        std::pair{GuardEnd::Exited, "exited"},
        std::pair{GuardEnd::Signalled, "signalled"},
        std::pair{GuardEnd::TimedOut, "timed_out"},
        std::pair{GuardEnd::Stopped, "stopped"},
        std::pair{GuardEnd::LaunchFailed, "launch_failed"},
    };
};

struct GuardResult {
    GuardEnd end = GuardEnd::Exited;
    int code = 0;
    int signal = 0;
    qint64 startedMs = 0; // UTC
    qint64 endedMs = 0;
    qint64 outputBytes = 0;  // written by the command
    qint64 cutBytes = 0;     // of these not kept
    QList<qint64> survivors; // pids of the command that could not be ended
};

struct GuardRunning {
    ProcessIdentity guard;
};
struct GuardFinished {
    GuardResult result;
};
struct GuardLost {};    // began, left no result, and is proven dead: whether it acted is not known
struct GuardUnknown {}; // never began under this key

using GuardState = std::variant<GuardUnknown, GuardRunning, GuardFinished, GuardLost>;

class GuardWatch; // one key being followed

class GuardClient final : public QObject {
    Q_OBJECT
public:
    // `program`: path of muster-guard. `folder`: made with mode 0700 where missing.
    GuardClient(QString program, QString folder, QObject *parent = nullptr);
    ~GuardClient() override; // guards go on
    Q_DISABLE_COPY_MOVE(GuardClient)

    // AlreadyExists if the key was ever begun; LaunchFailed if the guard could not be started. Follows it.
    Status start(const GuardSpec &spec);
    [[nodiscard]] GuardState find(const QString &key) const;
    // Follows a guard found running, from an output offset on; finished() comes at once if it has ended.
    Status watch(const QString &key, qint64 outputOffset = 0);
    // Asks the guard to end its command: TERM, grace, KILL. finished() follows. NotFound if none runs.
    Status stop(const QString &key);
    // What is kept of the output, with a line in the middle that says what was cut.
    [[nodiscard]] Result<QByteArray> output(const QString &key, qint64 maxBytes) const;
    // Forgets a finished or lost key and removes its files. Conflict while it runs.
    Status remove(const QString &key);

signals:
    void outputBytes(const QString &key, const QByteArray &bytes);
    void finished(const QString &key, const muster::GuardResult &result);
    // What it had left running has been ended before; so also watch() a key that find() says is lost.
    void lost(const QString &key);

private:
    GuardWatch *follow(const QString &key, qint64 outputOffset);
    void endWatch(const QString &key);
    void endLost(const QString &key);

    QString m_program;
    QString m_folder;
    QHash<QString, GuardWatch *> m_watches;
};

} // namespace muster

Q_DECLARE_METATYPE(muster::GuardResult)
