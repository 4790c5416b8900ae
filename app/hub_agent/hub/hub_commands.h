// The hub's command line: the arguments of each command that is used, and running one that answers. What a
// person said comes last, after "--", so that it is never taken for an option. Main thread.
// Source: getpaseo/paseo, packages/cli/src (read, never run).
#pragma once

#include "app/hub_agent/hub/hub_process.h"
#include "core/base/async.h"

#include <QStringList>

#include <functional>

namespace muster::hub {

struct NewAgent {
    QString provider; // "provider" or "provider/model"
    QString mode;     // empty: the provider's own
    QString folder;
    QString label; // key=value, by which it is found again
    QString title;
    QString prompt;
};

// The longest prompt, in bytes: what the system lets one argument be, less some room.
inline constexpr qsizetype maxPrompt = 120'000;

[[nodiscard]] QStringList runArguments(const NewAgent &agent);
[[nodiscard]] QStringList sendArguments(const QString &agent, const QString &prompt);
[[nodiscard]] QStringList waitArguments(const QString &agent, int seconds = 0); // 0: until it is over
[[nodiscard]] QStringList messagesArguments(const QString &agent);
// An id is always named: without one, all that wait would be allowed.
[[nodiscard]] QStringList allowArguments(const QString &agent, const QString &request);
[[nodiscard]] QStringList denyArguments(const QString &agent, const QString &request, const QString &message);

struct HubCommand {
    QString program;
    QStringList arguments;
    QString folder;
    std::chrono::milliseconds limit{30'000}; // 0: none
    // Gets the process as it begins and null as it is over, for whoever may want to end it.
    std::function<void(HubProcess *)> running;
};

// What it wrote to stdout. Errors: LaunchFailed (there is no such program), Unavailable (the hub does not
// run), NotFound, Timeout, Cancelled (it was stopped), TooLarge, Internal (the detail has its words).
[[nodiscard]] Async<QByteArray> askHub(HubCommand command);

// The agent with this label, archived or not; empty: there is none. Conflict: there are several.
[[nodiscard]] Async<QString> findAgent(HubCommand command, QString label);

} // namespace muster::hub
