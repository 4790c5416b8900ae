// What the commands of the Paseo hub answer with --json, and what they say on stderr when they fail. Keys
// that are not known are ignored, keys that are missing leave what is here. `paseo inspect` writes its keys
// with a capital letter, the others do not. Pure, any thread; damaged input is Error{Protocol}. Source:
// getpaseo/paseo, packages/cli/src/commands (read, never run).
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace muster {

struct PaseoUsage {
    qint64 input = 0;
    qint64 output = 0;
    qint64 cached = 0;
    double costUsd = 0; // 0: not known
};

struct PaseoPermission {
    QString id; // of a list, older versions give only its beginning
    QString agentId;
    QString tool;
    QString description;
};

// paseo inspect ID --json
struct PaseoAgent {
    QString id;
    QString status; // initializing, idle, running, error, closed
    QString model;
    bool archived = false;
    std::optional<PaseoUsage> usage; // of the last turn
    std::vector<PaseoPermission> permissions;
};

// paseo run, send, wait: how far an agent is.
struct PaseoProgress {
    QString agentId;
    QString status; // created, running, sent, completed, idle, permission, timeout, error
    QString message;
};

// paseo provider ls --json
struct PaseoProvider {
    QString id;
    QString label;
    bool usable = false;
};

// paseo ls --json
struct PaseoListed {
    QString id;
    QString status;
};

[[nodiscard]] Result<PaseoAgent> readPaseoAgent(const QByteArray &json);
[[nodiscard]] Result<PaseoProgress> readPaseoProgress(const QByteArray &json);
[[nodiscard]] Result<std::vector<PaseoPermission>> readPaseoPermissions(const QByteArray &json);
[[nodiscard]] Result<std::vector<PaseoProvider>> readPaseoProviders(const QByteArray &json);
[[nodiscard]] Result<std::vector<PaseoListed>> readPaseoList(const QByteArray &json);

// Why a command failed. Unavailable: the hub does not run; NotFound: it has no such agent, or the question
// was answered before; Internal: what else it says. `detail` has the hub's own words, `where` its code.
[[nodiscard]] Error readPaseoError(const QByteArray &stderrText);

} // namespace muster
