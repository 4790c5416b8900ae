// What is started, how it ended, and how a failed start is told apart. Value types, any thread.
//
// `env` is complete and already filtered (environment_filter.h); the launcher adds MUSTER_RUN=<marker> and
// TMPDIR=<tmpDir>. A failed start is Error{LaunchFailed} whose `where` is one of the launch_fault texts.
#pragma once

#include "core/process/launch_markers.h"

#include <QByteArray>
#include <QList>
#include <QMetaType>
#include <QString>
#include <QStringList>
#include <QtTypes>

#include <cstdint>
#include <utility>

namespace muster {

namespace launch_fault {
inline constexpr const char *notFound = "not_found";
inline constexpr const char *notExecutable = "not_executable";
inline constexpr const char *workingDir = "working_dir";
inline constexpr const char *exec = "exec"; // the system refused: bad format, missing interpreter, limits
inline constexpr const char *resources = "resources"; // no pipe, pseudo-terminal or process could be made
} // namespace launch_fault

enum class StdinMode : std::uint8_t { Pipe, Null };

struct LaunchSpec {
    QString program = {}; // a path, or a name looked up in PATH of `env`
    QStringList args = {};
    QString workingDir = {}; // must exist; empty: the root folder
    QStringList env = {};    // "NAME=value", complete
    QString marker = {};     // unique per launch (newMarker()); empty: not marked
    QString tmpDir = {}; // made before the start, removed with its content after verified death; empty: none
    QList<std::pair<QString, QByteArray>> files = {}; // name and content, for this user only; in tmpDir
    StdinMode stdinMode = StdinMode::Pipe;
    qint64 stdinQueueBytes = qint64{64} * 1024 * 1024; // cap of what write() may queue
    // Starts under a supervisor process (muster-guard --lifeline), which ends the whole tree when the node
    // dies and keeps every descendant findable. For agents; short tools do without.
    bool lifeline = false;
};

struct ExitInfo {
    int code = 0;   // of exit(); 0 if ended by a signal
    int signal = 0; // 0: exited by itself
    bool crashed = false;

    friend bool operator==(const ExitInfo &, const ExitInfo &) = default;
};

[[nodiscard]] QString newMarker();

} // namespace muster

Q_DECLARE_METATYPE(muster::ExitInfo)
