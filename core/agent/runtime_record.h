// RuntimeRecord: one way to run an agent, as data. Read from resources/runtimes/*.json (runtime_reader.h);
// the same in words for people who write one: resources/schema/runtime.schema.json. Value type, any thread.
// Source: spec "agents", Runtime catalog.
#pragma once

#include "core/agent/launch_problem.h"
#include "core/protocol/acp/acp_quirks.h"
#include "core/protocol/claude/stream_json_quirks.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace muster {

struct RuntimeAbilities {
    bool streamsText = true;
    bool reportsTools = true;
    bool asksPermission = true;
    bool canCancel = true;
    bool canResume = false;
    bool canSteer = false;
    bool reportsCost = false;
    bool limitsTurns = false;
    bool limitsCost = false;
    bool takesMcp = false;
    bool picksModel = false;
    bool worksOffline = false;
};

// The adapter that a runtime is driven by.
enum class RuntimeProtocol : std::uint8_t { Acp, StreamJson, Codex, Pi };

template <> struct EnumNames<RuntimeProtocol> {
    static constexpr std::array table{
        std::pair{RuntimeProtocol::Acp, "acp"}, std::pair{RuntimeProtocol::StreamJson, "stream_json"},
        std::pair{RuntimeProtocol::Codex, "codex"}, std::pair{RuntimeProtocol::Pi, "pi"}};
};

// What a million tokens cost, in millionths of the currency, with the day and the page that it was read on.
// A price that nobody has looked up is left out, never guessed.
struct ModelPrices {
    qint64 input = 0;
    qint64 output = 0;
    qint64 cached = 0;
    QString currency = QStringLiteral("USD");
    QString date; // yyyy-MM-dd
    QString source;
};

struct RuntimeModel {
    QString id;
    QString label;
    QString source; // where the id was read, and when
    std::optional<ModelPrices> prices;
};

// How it is found out whether a person has signed in, and what to run to do it. With none of `files` named,
// no key in the environment means that it is not known, because the program may keep its key anywhere;
// unless `onlyEnv` says that it can come from nowhere else.
struct SignInRule {
    bool needed = true;
    bool onlyEnv = false;
    QStringList env;     // any of these set counts as a key
    QStringList files;   // any of these being there counts; "~/" and a leading "$NAME/" are replaced
    QStringList command; // signs in, in a terminal
    QString homeEnv;     // variable of the folder in which the program keeps its sign-in; empty: it has none
};

struct InstallHint {
    QString npm; // name of a package
};

struct RuntimeRecord {
    QString id;
    QString label;
    RuntimeProtocol protocol = RuntimeProtocol::Acp;
    // argv[0] is the program. "{bin}" stands for the folder of the running binary, "{model}" for
    // defaultModel.
    QStringList argv;
    // What has to be installed where argv[0] is a program of ours that only drives it; empty: argv[0].
    QString needsProgram;
    QStringList env;      // "NAME=value", set for the child; "{state}" stands for SessionSpec::stateDir
    QStringList needsEnv; // names of variables of ours without which it cannot work
    QStringList passEnv;  // names of variables of ours that the child may see beyond the allow list
    QString defaultModel;
    std::vector<RuntimeModel> models;
    RuntimeAbilities abilities;
    SignInRule signIn;
    InstallHint install;
    QStringList versionArgs; // after the program; empty: it cannot be asked
    QString versionPattern;  // of its first group; empty: the first thing that looks like 1.2.3
    QString minimumVersion;  // older ones were never driven; empty: any
    std::vector<LaunchFailurePattern> launchFailures;
    AcpQuirks quirks;
    StreamJsonQuirks streamJson;
    qint64 handshakeTimeoutMs = 60000;
    bool builtIn = false;
    QString file; // where it was read from
};

// What is looked for to find out whether it can be used.
[[nodiscard]] inline QString programOf(const RuntimeRecord &runtime)
{
    return runtime.needsProgram.isEmpty() ? runtime.argv.value(0) : runtime.needsProgram;
}

} // namespace muster
