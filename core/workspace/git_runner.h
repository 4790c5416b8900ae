// GitRunner: the port through which the workspace starts git. The real one is
// core/node/adapters/process_git_runner.h.
//
// Thread: one (the core thread); the future is finished from its event loop. Errors: Unavailable (no git),
// Timeout, Cancelled, LaunchFailed. A git that ran and said no is not an Error: look at exitCode.
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QFuture>
#include <QString>
#include <QStringList>
#include <QtTypes>

#include <utility>
#include <vector>

namespace muster {

// Settings of drivers that the configuration names and that this call must not run (see git_drivers.h).
using GitOverrides = std::vector<std::pair<QString, QString>>;

// What to run, not how: git_command.h turns it into the arguments and the environment of the process.
struct GitCommand {
    QStringList args;  // subcommand first; options, then "--" and names
    QString gitDir;    // the true git directory; empty only for what needs none (init, version)
    QString commonDir; // where objects, refs and configuration are; empty: same as gitDir
    QString workTree;  // empty: none
    QString cwd;       // empty: workTree, else gitDir
    QString indexFile; // empty: the index of gitDir
    QByteArray input;
    GitOverrides overrides;
    QStringList extraEnvironment; // "NAME=value", for authors and dates
    bool personalConfig = false;  // also read the person's own ~/.gitconfig (trusted projects only)
    int timeoutMs = 60'000;
    qint64 outputCap = 32 * 1024 * 1024; // bytes of out kept; err is kept to 64 KiB
};

struct GitOutput {
    int exitCode = 0;
    QByteArray out;
    QByteArray err;
    bool truncated = false; // out was longer than the cap; git may have been ended for it
};

class GitRunner {
public:
    GitRunner() = default;
    GitRunner(const GitRunner &) = delete;
    GitRunner &operator=(const GitRunner &) = delete;
    virtual ~GitRunner() = default;

    [[nodiscard]] virtual QFuture<Result<GitOutput>> run(GitCommand command) = 0;
};

} // namespace muster
