// A home of Muster's own with its projects, and the real programs on it: the background node, which can be
// killed at any moment, and command lines. Everything lies below root(), by which leftovers are found.
#pragma once

#include "core/base/paths.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>

#include <memory>
#include <optional>

namespace muster::e2e {

inline constexpr int patienceMs = 120'000; // a loaded machine is slow; nothing is measured by it

struct Finished {
    int exitCode = -1; // -1: killed, crashed or not ended
    QByteArray out;
    QByteArray err;

    [[nodiscard]] QJsonArray array() const;
    [[nodiscard]] QJsonObject object() const; // the last line
    [[nodiscard]] QByteArray tail() const { return err + out.last(std::min<qsizetype>(out.size(), 2000)); }
};

class MusterHome {
public:
    // `binFolder`: where the programs are; empty: those of this build.
    explicit MusterHome(const QString &binFolder = {});
    ~MusterHome();
    MusterHome(const MusterHome &) = delete;
    MusterHome &operator=(const MusterHome &) = delete;

    [[nodiscard]] QString root() const { return m_root; }
    [[nodiscard]] QString path(const QString &name) const { return m_root + u'/' + name; }
    void keep() { m_dir.setAutoRemove(false); } // for a look after a failure
    [[nodiscard]] const Paths &paths() const { return m_paths; }
    [[nodiscard]] QProcessEnvironment &environment() { return m_environment; }

    // A git repository with one commit; flows/NAME.flow.yaml beside it, not committed. Gives its folder.
    [[nodiscard]] QString makeProject(const QString &name) const;
    static bool writeFlow(const QString &project, const QString &name, const QByteArray &text);
    [[nodiscard]] static QString git(const QString &folder, const QStringList &arguments);

    void startNode();
    [[nodiscard]] qint64 nodePid() const { return m_node ? m_node->processId() : 0; }
    [[nodiscard]] bool nodeRuns() const { return m_node && m_node->state() == QProcess::Running; }
    // The socket takes connections.
    [[nodiscard]] bool nodeAnswers() const;
    void waitUntilNobodyHasTheStore() const;
    bool waitUntilReady() const; // it answers
    void killNode();             // SIGKILL, and reaped
    bool stopNode();             // SIGTERM; false: it did not end by itself with success

    [[nodiscard]] std::unique_ptr<QProcess> start(const QStringList &arguments,
                                                  const QString &program = {}) const;
    [[nodiscard]] static Finished waitFor(QProcess &process);
    [[nodiscard]] Finished muster(const QStringList &arguments) const;

private:
    QTemporaryDir m_dir;
    QString m_root;
    QString m_bin;
    QProcessEnvironment m_environment;
    Paths m_paths;
    std::unique_ptr<QProcess> m_node;
};

// "pid command line" of each living process that belongs to what is below `root`: by its folder, its
// environment or its arguments, or by one of the markers.
[[nodiscard]] QStringList processesBelow(const QString &root, const QStringList &markers = {});
// Resident memory now and at its highest, in KiB; 0 for a process that is gone.
[[nodiscard]] qint64 residentKiB(qint64 pid);
[[nodiscard]] qint64 peakResidentKiB(qint64 pid);

bool writeFile(const QString &path, const QByteArray &content);
[[nodiscard]] QByteArray readFile(const QString &path);

} // namespace muster::e2e
