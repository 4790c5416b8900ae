// RuntimeProbe: finds out which runtimes of the catalog can be used here: is the program there, which
// version, is somebody signed in. Looks for files on a worker and starts at most two programs at a time, each
// with a time limit and none of the person's keys. A version stays known as long as the program's file is the
// same and for an hour at most. Core thread, which owns it.
#pragma once

#include "core/agent/runtime_catalog.h"
#include "core/agent/runtime_lookup.h"
#include "core/base/async.h"
#include "core/base/clock.h"
#include "core/process/launcher.h"

#include <QHash>
#include <QObject>

#include <chrono>
#include <deque>
#include <functional>

namespace muster {

struct RuntimeProbeOptions {
    QStringList environment; // "NAME=value", ours
    std::function<QStringList()>
        keptKeys;    // names of variables whose value a child would get from the keychain
    QString tmpRoot; // each question gets a folder of its own in it
    std::chrono::milliseconds limit{10'000};
};

class RuntimeProbe final : public QObject, public AsyncOwner {
    Q_OBJECT
public:
    RuntimeProbe(const RuntimeCatalog &catalog, Launcher &launcher, const Clock &clock,
                 RuntimeProbeOptions options, QObject *parent = nullptr);

    // In the catalog's order. `again`: what is known of versions does not count.
    [[nodiscard]] QFuture<Result<std::vector<RuntimeStatus>>> look(bool again);

private:
    struct Version {
        QString identity;
        VersionState state = VersionState::NotAsked;
        QString version;
        qint64 atMs = 0;
    };
    struct Question {
        RuntimeRecord runtime;
        QString program;
        QPromise<Result<Version>> promise;
    };

    Async<std::vector<RuntimeStatus>> lookAll(bool again);
    [[nodiscard]] bool isKnown(const FoundProgram &found) const;
    QFuture<Result<Version>> ask(const RuntimeRecord &runtime, const QString &program);
    void startNext();
    void addVersion(const RuntimeRecord &runtime, const FoundProgram &found, RuntimeStatus &status) const;

    const RuntimeCatalog &m_catalog;
    Launcher &m_launcher;
    const Clock &m_clock;
    RuntimeProbeOptions m_options;
    QHash<QString, Version> m_versions; // by the runtime's id
    std::deque<std::shared_ptr<Question>> m_waiting;
    int m_asking = 0;
};

} // namespace muster
